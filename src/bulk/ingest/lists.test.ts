import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SuppressionList } from '../../policy/model.ts';
import { screenList } from './screen-list.ts';
import type { ListSnapshot, Snapshot } from './snapshot.ts';
import {
  type Bench,
  openBench,
  sampleHeader,
  sampleList,
  sampleRow,
  sampleSource,
} from './source.fixture.ts';

let bench: Bench;
let snapshot: Snapshot;
const people = [
  sampleRow('ann', {
    surname: 'Smith',
    address: '1 High St',
    postcode: 'M1 1AA',
    email: 'Ann@x.example',
    phone: '07700 900001',
  }),
  sampleRow('bob', { surname: 'Smits', address: '1 High St.', postcode: 'm11aa', phone: '+447700900002' }),
  sampleRow('cat', { surname: 'Smith', address: '2 Low Rd', postcode: 'M1 1AA' }),
  sampleRow('dan', { surname: 'Jones', address: '9 Elm Rd', postcode: 'M1 1AB' }),
  sampleRow('eve'),
];
const source = () =>
  sampleSource({
    path: `${bench.dir}/people.csv`,
    format: 'csv',
    encoding: null,
    delimiter: null,
    dateFormat: 'YYYY-MM-DD',
  });
beforeAll(async () => {
  bench = await openBench();
  bench.write('people.csv', `${[sampleHeader, ...people].join('\n')}\n`);
  snapshot = await bench.ingest(source());
});
afterAll(() => bench.close());

let made = 0;
async function screen(
  content: string,
  change: Partial<SuppressionList>,
): Promise<{ ingested: ListSnapshot; matches: readonly string[] }> {
  const list = sampleList(bench.write(`list-${++made}.txt`, content), { digest: `list ${made}`, ...change });
  const ingested = await screenList(bench.engine, { list, source: source(), snapshot });
  const { path } = ingested;
  const { dialect } = bench.engine;
  const rows = await bench.engine.rows(
    `SELECT r.rid, m.match FROM ${dialect.parquet(path)} m JOIN ${dialect.parquet(`${snapshot.dir}/records.parquet`)} r ON r."row" = m."row" ORDER BY r.rid`,
  );
  return {
    ingested,
    matches: rows.map((row) => `${row.rid} ${row.match}`).filter((line) => line !== 'eve unmatchable'),
  };
}

const fixed = (parts: readonly (readonly [at: number, text: string])[], width: number): string =>
  parts.reduce(
    (line, [at, text]) => line.slice(0, at - 1) + text + line.slice(at - 1 + text.length),
    ' '.repeat(width),
  );
const mps = (surname: string, postcode: string, type = 'P'): string =>
  fixed(
    [
      [1, type],
      [2, '01052017'],
      [46, 'ANN'],
      [96, surname],
      [156, '1 HIGH STREET'],
      [306, 'MANCHESTER'],
      [406, postcode],
      [414, '1A'],
    ],
    415,
  );
const baby = (surname: string, address: string, postcode: string): string =>
  fixed(
    [
      [1, '01052017'],
      [9, '02052017'],
      [32, 'ANN'],
      [57, surname],
      [82, address],
      [178, 'MANCHESTER'],
      [242, postcode],
      [250, 'q@x.example'],
    ],
    399,
  );

describe('a list is matched at its level, and a near match refuses too', () => {
  test('person: surname and postcode', async () => {
    expect((await screen('surname,postcode\nSMITH,M11AA\n', {})).matches).toEqual([
      'ann exact',
      'bob near',
      'cat exact',
    ]);
  });
  test('person with a forename, where the source has none: near', async () => {
    const found = await screen('f,surname,postcode\nAnn,SMITH,M11AA\n', {
      columns: { forename: 'f', surname: 'surname', postcode: 'postcode' },
    });
    expect(found.matches).toEqual(['ann near', 'bob near', 'cat near']);
  });
  test('surname at address', async () => {
    const columns = { surname: 's', addressLine: 'a', postcode: 'p' };
    expect(
      (await screen('s,a,p\nSmith,1 high st,M1 1AA\n', { level: 'surname-at-address', columns })).matches,
    ).toEqual(['ann exact', 'bob near', 'cat near']);
  });
  test('address, number, e-mail and record: exact alone', async () => {
    expect(
      (
        await screen('a,p\n1 High St,M1 1AA\n', {
          level: 'address',
          columns: { addressLine: 'a', postcode: 'p' },
        })
      ).matches,
    ).toEqual(['ann exact', 'bob exact']);
    expect(
      (await screen('n,x\n0044 7700 900002,\n', { level: 'number', columns: { phone: 'n' } })).matches,
    ).toEqual(['bob exact']);
    expect(
      (await screen('e,x\nann@X.example,\n', { level: 'email', columns: { email: 'e' } })).matches,
    ).toEqual(['ann exact']);
    expect(
      (await screen('r,x\ndan,\nDAN2,\n', { level: 'record', columns: { record: 'r' } })).matches,
    ).toEqual(['dan exact']);
  });
  test('Baby MPS by household: the address, or the surname at the postcode', async () => {
    const found = await screen(
      `${baby('Brown', '1 High St', 'M1 1AA')}\r\n${baby('Jones', '7 Oak Rd', 'M1 1AB')}\r\n`,
      { kind: 'baby-mps', layout: 'baby-mps-fixed', columns: {} },
    );
    expect([found.ingested.cause, found.matches]).toEqual([null, ['ann exact', 'bob exact', 'dan exact']]);
  });
  test('MPS in fixed width, the deceased among them', async () => {
    const lines = [mps('SMITH', 'M1 1AA'), '', '   ', mps('JONES', 'M1 1AB', 'X'), ''];
    const found = await screen(lines.join('\r\n'), { kind: 'mps', layout: 'mps-fixed', columns: {} });
    expect([found.ingested.cause, found.ingested.entries, found.matches]).toEqual([
      null,
      2,
      ['ann near', 'bob near', 'cat near', 'dan near'],
    ]);
  });
  test('TPS: numbers, with a space or without', async () => {
    const found = await screen('07700 900001\r\n07700900002 \r\n', {
      kind: 'tps',
      level: 'number',
      layout: 'tps',
      columns: {},
    });
    expect([found.ingested.cause, found.matches]).toEqual([null, ['ann exact', 'bob exact']]);
  });
});

test('who lacks what a list of people or homes is matched by is not screened by it', async () => {
  const list = sampleList(bench.write('unmatched.csv', 'surname,postcode\nNobody,Z1 1ZZ\n'), {
    digest: 'unmatched',
  });
  const ingested = await screenList(bench.engine, { list, source: source(), snapshot });
  const { path } = ingested;
  const { dialect } = bench.engine;
  const rows = await bench.engine.rows(
    `SELECT r.rid, m.match FROM ${dialect.parquet(path)} m JOIN ${dialect.parquet(`${snapshot.dir}/records.parquet`)} r ON r."row" = m."row"`,
  );
  expect(rows).toEqual([{ rid: 'eve', match: 'unmatchable' }]);
});

describe('a list that cannot be read in full says so, and matches nobody away in silence', () => {
  test.each([
    [
      'a line of another width',
      `${mps('SMITH', 'M1 1AA')}\n${mps('SMITH', 'M1 1AA').slice(20)}\n`,
      { layout: 'mps-fixed' as const, columns: {} },
      ':2:',
    ],
    [
      'a line of another type',
      `${mps('SMITH', 'M1 1AA', 'Q')}\n`,
      { layout: 'mps-fixed' as const, columns: {} },
      ':1:',
    ],
    [
      'no number',
      '07700 900001\n\nwithheld\n',
      { level: 'number' as const, layout: 'tps' as const, columns: {} },
      ':3:',
    ],
    [
      'lines without a word',
      ' \n\n',
      { level: 'number' as const, layout: 'tps' as const, columns: {} },
      'empty',
    ],
    [
      'a mark and nothing else',
      '\ufeff',
      { level: 'number' as const, layout: 'tps' as const, columns: {} },
      'were read as',
    ],
    ['an entry without a surname', 'surname,postcode\nSmith,M1 1AA\n,M1 1AA\n', {}, ':3:'],
    ['a row too wide', 'surname,postcode\nSmith,M1 1AA,x\n', {}, ':2:'],
    ['a column that is not there', 'surname,code\nSmith,M1 1AA\n', {}, 'postcode'],
    [
      'a column the level needs and nobody mapped',
      'surname,postcode\nSmith,M1 1AA\n',
      { level: 'email' as const },
      ':2:',
    ],
    ['nothing in it', 'surname,postcode\n', {}, 'empty'],
    ['bytes that are not text', 'surname,postcode\nSm\0th,M1 1AA\n', {}, ':2:'],
  ])('%s', async (_, content, change, where) => {
    const { ingested } = await screen(content, change);
    expect(ingested.readable).toBe(false);
    expect(ingested.cause).toContain(where);
    expect(await bench.engine.rows('SELECT table_name FROM duckdb_tables() WHERE temporary')).toEqual([]);
  });
  test('a file that is not there', async () => {
    const list = sampleList({
      path: `${bench.dir}/none.csv`,
      format: 'csv',
      encoding: null,
      delimiter: null,
      dateFormat: 'YYYY-MM-DD',
    });
    const ingested = await screenList(bench.engine, { list, source: source(), snapshot });
    expect([ingested.readable, ingested.file]).toEqual([false, null]);
    const from = bench.engine.dialect.parquet(ingested.path);
    expect(await bench.engine.rows(`SELECT "row", match FROM ${from}`)).toEqual([]);
  });
});

test('of a list nothing is kept but which records it reaches', async () => {
  const { ingested, matches } = await screen('surname,postcode\nZabriskie,M1 1AA\nSmith,M1 1AA\n', {});
  expect(matches).not.toEqual([]);
  for (const name of readdirSync(snapshot.dir).filter((each) => each.startsWith('matches-')))
    expect(readFileSync(`${snapshot.dir}/${name}`, 'latin1').toLowerCase()).not.toContain('zabriskie');
  const columns = await bench.engine.rows(
    `SELECT name FROM (${bench.engine.intake.describeParquet(ingested.path)}) ORDER BY name`,
  );
  expect(columns.map((column) => column.name)).toEqual(['match', 'row']);
});

test('a list is read once for a snapshot', async () => {
  const list = sampleList(bench.write('once.csv', 'surname,postcode\nZabriskie,M1 1AA\n'));
  const again = () => screenList(bench.engine, { list, source: source(), snapshot });
  expect([(await again()).reused, (await again()).reused]).toEqual([false, true]);
});
