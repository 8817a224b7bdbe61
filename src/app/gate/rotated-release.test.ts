import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLogVerifier } from '../../documents/log-key.ts';
import { publishWorkspaceLog } from '../log/log-publish.ts';
import { entry, optionsAt } from '../people/prefer.fixture.ts';
import { prefer } from '../people/prefer.ts';
import { audit } from '../proof/audit.ts';
import { openSample } from '../proof/open.ts';
import { checkOpened, sampleRows } from '../proof/sample.ts';
import { delta } from '../supply/delta.ts';
import { seal } from '../supply/seal.ts';
import { sighting } from '../supply/sighting.ts';
import { supplyClub } from '../supply/supply.fixture.ts';
import { rotateKey } from '../workspace/rotate-key.ts';
import { ingest } from './ingest.ts';
import { release } from './release.ts';

let club: Awaited<ReturnType<typeof supplyClub>>;
let id = '';
let rows = 0;
const options = () => optionsAt(club.root);
const given = () => ({ ...options(), asOf: null });
const at = (name: string): string => join(club.folder, name);
beforeAll(async () => {
  club = await supplyClub();
  // The tokens of the source begin under the first key, and stay with it; the release is made under the second.
  await ingest(await club.load(), 'members', options());
  const { id: second, earlier } = await rotateKey(club.root);
  const done = await release(await club.load(), 'toy-offer', given());
  if (done.kind !== 'released') throw new RangeError('nothing was released');
  ({ release: id } = done);
  rows = done.manifest.list.rows;
  expect([done.manifest.key, done.manifest.roster.key]).toEqual([second, earlier.id]);
  await rotateKey(club.root);
}, 60_000);
afterAll(() => rmSync(club.folder, { recursive: true, force: true }));

describe('a release made after the organisation changed its key, which was changed again since', () => {
  test('is sealed with the sleepers it committed to', async () => {
    const sealed = await seal(await club.load(), club.ledger, id, 'example-toys', 'whole');
    expect(sealed).toMatchObject({ kind: 'sealed', rows: rows + 1, sleepers: 1 });
  });

  test('is found by a sleeper, and by the codes of its delta', async () => {
    const variants = [
      'Rowan Ashdowne\n9 Weir Street',
      'Rowan Ashedown\n9 Weir Street',
      'Rowan Ashdown\n9a Weir Street',
    ];
    const seen = await sighting(await club.load(), variants.join('\n'));
    expect(seen.sightings).toMatchObject([{ kind: 'sleeper', sleeper: 'rowan', from: [{ release: id }] }]);
    expect(await delta(await club.load(), id, at('none.csv'), given())).toMatchObject({
      released: rows,
      stopped: 0,
    });
    const said = await prefer(await club.load(), entry({ person: 'M002' }), options());
    expect(said.kind).toBe('recorded');
    expect(await delta(await club.load(), id, at('one.csv'), given())).toMatchObject({ stopped: 1 });
    const [, code = ''] = readFileSync(at('one.csv'), 'utf8').split('\n');
    expect((await sighting(await club.load(), code)).sightings).toMatchObject([
      { kind: 'trace-code', from: [{ release: id }] },
    ]);
  });

  test('is audited, sampled and opened', async () => {
    const log = await readLogVerifier(club.root);
    const dir = join(club.root, 'evidence', id);
    const found = await audit(dir, {
      package: join(club.root, 'releases', id),
      log: join(club.root, 'log'),
      logKey: log,
      witnesses: { witnesses: [], needed: 0 },
      threads: null,
      memoryLimit: null,
      onProgress: () => {},
    });
    expect(found).toMatchObject({ differences: [] });
    await publishWorkspaceLog(await club.load(), club.ledger, 1000);
    const checkpoint = join(club.root, 'log/checkpoint');
    const sample = await sampleRows(dir, { count: 20, checkpoint, nonce: 'n', log, published: null });
    writeFileSync(at('rows.json'), JSON.stringify(sample));
    expect(await openSample(club.root, id, at('rows.json'), at('opened.json'))).toMatchObject({ gone: 0 });
    const checked = await checkOpened(dir, { opened: at('opened.json'), sample, log });
    expect(checked).toMatchObject({ differing: [], missing: [] });
  });
});
