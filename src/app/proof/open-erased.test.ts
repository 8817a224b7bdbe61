import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLogVerifier } from '../../documents/log-key.ts';
import type { Sample } from '../../evidence/sample.ts';
import type { Verifier } from '../../log/keys.ts';
import { ingest } from '../gate/ingest.ts';
import { release } from '../gate/release.ts';
import { erase } from '../people/erase.ts';
import { type PreferFixture, preferFixture } from '../people/prefer.fixture.ts';
import { openSample } from './open.ts';
import { checkOpened, sampleRows } from './sample.ts';

const everybody = 20;
let club: PreferFixture;
let id = '';
let dir = '';
let log: Verifier;
let sample: Sample;
let before: Buffer;
const at = (name: string): string => join(club.root, name);
const secrets = (): string => at('vault/sources/members/secrets.parquet');

beforeAll(async () => {
  club = await preferFixture();
  const done = await release(await club.load(), 'toy-offer', { ...club.options, asOf: null });
  if (done.kind !== 'released') throw new RangeError('nothing was released');
  id = done.release;
  dir = at(`evidence/${id}`);
  log = await readLogVerifier(club.root);
  before = readFileSync(secrets());
  const person = { source: 'members', person: 'M002', by: 'web', received: null } as const;
  await erase(await club.load(), person, club.options, async () => {});
  await club.publish();
  sample = await sampleRows(dir, {
    count: everybody,
    checkpoint: at('log/checkpoint'),
    nonce: 'n',
    log,
    published: null,
  });
  writeFileSync(at('rows.json'), JSON.stringify(sample));
}, 60_000);
afterAll(() => rmSync(club.root, { recursive: true, force: true }));

const opened = async (name: string) => {
  const found = await openSample(club.root, id, at('rows.json'), at(name));
  const checked = await checkOpened(dir, { opened: at(name), sample, log });
  return { ...found, differing: checked.differing, ids: readFileSync(at(name), 'utf8') };
};

test('of somebody who was erased and is in the source all the same, no row is opened', async () => {
  await ingest(await club.load(), 'members', club.options);
  const found = await opened('again.json');
  expect(found).toMatchObject({ rows: everybody - 1, gone: 1, differing: [] });
  expect(found.ids).not.toContain('M002');
  expect(found.ids).toContain('M003');
});

test('nor where an old copy of the secrets is put back', async () => {
  const now = readFileSync(secrets());
  writeFileSync(secrets(), before);
  const found = await opened('restored.json');
  expect(found).toMatchObject({ rows: everybody - 1, gone: 1, differing: [] });
  expect(found.ids).not.toContain('M002');
  writeFileSync(secrets(), now);
});

test('where the vault holds other secrets of somebody who was not erased, nothing is opened', async () => {
  rmSync(at('vault/sources/members'), { recursive: true });
  const [releases, aside] = [at('releases'), at('releases-aside')];
  renameSync(releases, aside);
  // As in a vault that was begun anew.
  await ingest(await club.load(), 'members', club.options);
  renameSync(aside, releases);
  await expect(openSample(club.root, id, at('rows.json'), at('never.json'))).rejects.toMatchObject({
    code: 'secrets-broken',
  });
  expect(existsSync(at('never.json'))).toBe(false);
});
