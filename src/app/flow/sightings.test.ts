import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../bulk/engines/duckdb.ts';
import { readKey } from '../../documents/key.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { traceCode, traceKey } from '../../supply/trace-code.ts';
import { approved, auditor, code, type FlowFixture, flowFixture, must, steward } from './flow.fixture.ts';
import { listSightings } from './list-sightings.ts';
import { releaseRequest } from './release-request.ts';
import { reportSighting } from './report-sighting.ts';

describe.each(oneDatabase)('on $name', (database) => {
  let fixture: FlowFixture;
  let release: string;
  let seen: string;
  beforeAll(async () => {
    fixture = await flowFixture(database);
    const { version } = await approved(fixture, 'toy-offer');
    must(await releaseRequest(fixture.service, steward, { request: 'toy-offer', version }));
    await fixture.work();
    const { org, service } = fixture;
    const [row] = await service.state.as(org, (tx) =>
      tx.selectFrom('release').select('id').where('org', '=', org).execute(),
    );
    release = row?.id ?? '';
    seen = await codeOfFirst(join(service.data, org), release);
  });
  afterAll(() => fixture.drop());

  const report = (text: string, seenOn = '2020-01-01') =>
    reportSighting(fixture.service, steward, { text, seenOn, words: 'on a letter from somebody else' });
  const list = async () =>
    must(await listSightings(fixture.service, auditor, { limit: 50, cursor: undefined })).items;

  test('a trace code that turned up is kept with the release it is of; what stood around it is not', async () => {
    const { items } = must(await report(`Dear Anna Example, your code is ${seen}.`));
    expect(items).toMatchObject([{ code: seen, release, seenOn: '2020-01-01', reportedBy: 's.steward' }]);
    expect(await list()).toEqual(items);
    expect(JSON.stringify(await list())).not.toContain('Anna');
  });

  test('a code of no release here is kept all the same', async () => {
    const { items } = must(await report(traceCode('another key of thirty-two letters', 'x')));
    expect(items).toMatchObject([{ release: null }]);
  });

  test.each([
    ['a mistyped code', () => seen.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
    ['words with no code in them', () => 'Dear Anna Example'],
  ])('%s is refused, and nothing is kept', async (_, text) => {
    const before = (await list()).length;
    expect(code(await report(text()))).toBe('input-invalid');
    expect(await list()).toHaveLength(before);
  });

  test('nothing was seen on a day to come', async () => {
    expect(code(await report(seen, '2999-01-01'))).toBe('input-invalid');
  });

  test('another organisation sees none', async () => {
    const other = { ...auditor, org: 'other-club' };
    expect(must(await listSightings(fixture.service, other, { limit: 50, cursor: undefined })).items).toEqual(
      [],
    );
  });
});

async function codeOfFirst(root: string, release: string): Promise<string> {
  const key = await readKey(root);
  const engine = await openDuckdb({ tempDirectory: join(root, '.astold', 'tmp') });
  try {
    const file = engine.dialect.parquet(join(root, 'releases', release, 'decisions.parquet'));
    const [row] = await engine.rows(
      `SELECT pseudonym FROM ${file} d WHERE reasons = 0 ORDER BY pseudonym LIMIT 1`,
    );
    return traceCode(traceKey(key, release), String(row?.pseudonym));
  } finally {
    engine.close();
  }
}
