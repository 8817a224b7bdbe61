import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deriveKey, readKeys } from '../documents/key.ts';
import { rawCommitment } from '../roster/raw-commitment.ts';
import { leafOf, masterToken, releaseToken } from '../roster/token.ts';
import { destroySecrets, wasDestroyed } from './destroyed.ts';
import { type Bench, openBench, sampleHeader, sampleRow, sampleSource } from './ingest/source.fixture.ts';
import { ensureSecrets, masterOf, type Secrets } from './secrets.ts';
import { leafSql, masterSql } from './tokens.ts';

let bench: Bench;
let root: string;
const secret = 'ab'.repeat(32);
beforeEach(async () => {
  bench = await openBench();
  root = join(bench.dir, 'workspace');
  mkdirSync(join(root, 'keys'), { recursive: true, mode: 0o700 });
  writeFileSync(join(root, 'keys/organisation.key'), secret, { mode: 0o600 });
});
afterEach(() => bench.close());

/** As a rotation leaves the keys. */
function rotate(): void {
  renameSync(join(root, 'keys/organisation.key'), join(root, 'keys/organisation-1.key'));
  writeFileSync(join(root, 'keys/organisation.key'), 'cd'.repeat(32), { mode: 0o600 });
}

let files = 0;
async function snapshotOf(ids: readonly string[], cells: Parameters<typeof sampleRow>[1] = {}) {
  const given = { notice: 'web@2016', joined: '2016-04-01', postcode: 'AB1 2CD', surname: 'Smith', ...cells };
  const rows = ids.map((id) => sampleRow(id, given));
  return bench.ingest(
    sampleSource(bench.write(`members-${files++}.csv`, `${[sampleHeader, ...rows].join('\n')}\n`)),
  );
}
const ensure = (snapshot: { dir: string; digest: string }): Promise<Secrets> =>
  ensureSecrets(bench.engine, { root, source: 'members', snapshot });
const vault = (name: string): string => join(root, 'vault/sources/members', name);
async function secretsNow(): Promise<ReadonlyMap<string, { nonce: string; salt: string }>> {
  const rows = await bench.engine.rows(
    `SELECT * FROM ${bench.engine.dialect.parquet(vault('secrets.parquet'))}`,
  );
  return new Map(rows.map((r) => [String(r.rid), { nonce: String(r.nonce), salt: String(r.salt) }]));
}

test('each record is given a nonce and a salt of its own, and keeps them', async () => {
  const snapshot = await snapshotOf(['a', 'b', 'c']);
  await ensure(snapshot);
  const first = await secretsNow();
  const drawn = [...first.values()].flatMap(({ nonce, salt }) => [nonce, salt]);
  expect([...first.keys()].sort()).toEqual(['a', 'b', 'c']);
  expect(drawn.every((text) => /^[0-9a-f]{32}$/.test(text)) && new Set(drawn).size === 6).toBe(true);
  await ensure(snapshot);
  expect(await secretsNow()).toEqual(first);
  await ensure(await snapshotOf(['c', 'd', 'a']));
  const later = await secretsNow();
  expect([...later.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
  for (const id of ['a', 'b', 'c']) expect(later.get(id)).toEqual(first.get(id));
});

test('two runs at once draw once', async () => {
  const [one, other] = [await snapshotOf(['a', 'b']), await snapshotOf(['b', 'c'])];
  const [first] = await Promise.all([ensure(one), ensure(other)]);
  const rows = await bench.engine.rows(
    `SELECT rid FROM ${bench.engine.dialect.parquet(first.secrets)} ORDER BY 1`,
  );
  expect(rows.map((r) => r.rid)).toEqual(['a', 'b', 'c']);
});

test('what is in the vault is its owner’s alone, and a vault that is open to others is refused', async () => {
  const snapshot = await snapshotOf(['a']);
  await ensure(snapshot);
  expect(statSync(join(root, 'vault')).mode & 0o077).toBe(0);
  for (const name of readdirSync(vault(''))) expect(statSync(vault(name)).mode & 0o777).toBe(0o600);
  chmodSync(join(root, 'vault'), 0o750);
  await expect(ensure(snapshot)).rejects.toMatchObject({ code: 'vault-permissions' });
});

test('the commitment to each record is what anyone works out from the card and the salt', async () => {
  const snapshot = await snapshotOf(['a', 'b'], {
    surname: '"O\\Neil\nSmith"',
    email: 'ü=x@y.z',
    born: '1980-02-29',
  });
  const { commitments } = await ensure(snapshot);
  const secrets = await secretsNow();
  const found = await bench.engine.rows(
    `SELECT * FROM ${bench.engine.dialect.parquet(commitments)} ORDER BY "row"`,
  );
  const expected = ['a', 'b'].map((rid, row) => ({
    row,
    commitment: rawCommitment(secrets.get(rid)?.salt ?? '', {
      rid,
      f_surname: 'O\\Neil\nSmith',
      f_address: null,
      f_postcode: 'AB1 2CD',
      f_email: 'ü=x@y.z',
      f_born: '1980-02-29',
      h_joined: 'v:web@2016^own',
      on_joined: '2016-04-01',
    }),
  }));
  expect(found).toEqual(expected);
});

test('tokens and leaves in SQL are those in memory', async () => {
  const snapshot = await snapshotOf(['a', "b'; --", 'ü']);
  const { secrets, masterKey } = await ensure(snapshot);
  const master = masterSql(bench.engine, masterKey, 's.rid', 's.nonce');
  const rows = await bench.engine.rows(
    `SELECT s.rid, s.nonce, ${master} AS master, ${leafSql(bench.engine, master, "2026-01-01-o'r")} AS leaf FROM ${bench.engine.dialect.parquet(secrets)} s`,
  );
  expect(rows).toHaveLength(3);
  for (const { rid, nonce, master: token, leaf } of rows) {
    const expected = masterToken(masterKey, String(nonce), String(rid));
    expect([token, leaf]).toEqual([expected, leafOf(releaseToken(expected, "2026-01-01-o'r"))]);
    expect(await masterOf(bench.engine, { root, source: 'members', record: String(rid) })).toBe(expected);
  }
  expect(masterKey).toBe(deriveKey(Buffer.from(secret, 'hex'), 'astold/1/master/members'));
});

test('after a rotation of the key tokens stay, so that a receipt given before holds after', async () => {
  const before = await ensure(await snapshotOf(['a']));
  rotate();
  const after = await ensure(await snapshotOf(['a', 'b']));
  expect([after.masterKey, after.keyId]).toEqual([before.masterKey, before.keyId]);
  expect((await readKeys(root)).current.id).not.toBe(before.keyId);
  rmSync(join(root, 'keys/organisation-1.key'));
  await expect(ensure(await snapshotOf(['a']))).rejects.toMatchObject({ code: 'key-unknown' });
});

test('secrets of a person who is erased are gone from every byte of the vault, and new ones are others', async () => {
  const snapshot = await snapshotOf(['a', 'b', 'c']);
  const { commitments } = await ensure(snapshot);
  const before = await secretsNow();
  expect(await destroySecrets(bench.engine, root, 'members', ['b', 'b', 'nobody'])).toEqual({
    destroyed: 1,
    unknown: 1,
  });
  expect(existsSync(commitments)).toBe(false);
  const { nonce = '?', salt = '?' } = before.get('b') ?? {};
  const bytes = readdirSync(vault(''))
    .map((name) => readFileSync(vault(name), 'latin1'))
    .join('');
  expect([bytes.includes(nonce), bytes.includes(salt)]).toEqual([false, false]);
  await expect(masterOf(bench.engine, { root, source: 'members', record: 'b' })).rejects.toMatchObject({
    code: 'secrets-destroyed',
  });
  await ensure(snapshot);
  const after = await secretsNow();
  expect(after.get('a')).toEqual(before.get('a'));
  expect(after.get('b')?.nonce).toMatch(/^[0-9a-f]{32}$/);
  expect([after.get('b')?.nonce, after.get('b')?.salt]).not.toEqual([nonce, salt]);
  expect(await wasDestroyed(bench.engine, root, 'members', 'b')).toBe(true);
  expect(await wasDestroyed(bench.engine, root, 'members', 'a')).toBe(false);
});

test.each([
  ['at once', false],
  ['after new ones were drawn', true],
])(
  'a copy of the vault put back %s brings no destroyed secret back, whatever the key is by then',
  async (_, drawn) => {
    const snapshot = await snapshotOf(['a', 'b']);
    await ensure(snapshot);
    const before = await secretsNow();
    copyFileSync(vault('secrets.parquet'), join(bench.dir, 'copy'));
    await destroySecrets(bench.engine, root, 'members', ['b']);
    rotate();
    if (drawn) await ensure(snapshot);
    copyFileSync(join(bench.dir, 'copy'), vault('secrets.parquet'));
    await expect(masterOf(bench.engine, { root, source: 'members', record: 'b' })).rejects.toMatchObject({
      code: 'secrets-destroyed',
    });
    await ensure(snapshot);
    const after = await secretsNow();
    expect(after.get('a')).toEqual(before.get('a'));
    expect(after.get('b')?.nonce).not.toBe(before.get('b')?.nonce);
    expect(await wasDestroyed(bench.engine, root, 'members', 'b')).toBe(true);
  },
);

test('a record that was never ingested has no token, and is not said to be erased', async () => {
  await expect(masterOf(bench.engine, { root, source: 'members', record: 'a' })).rejects.toMatchObject({
    code: 'secrets-missing',
  });
  await ensure(await snapshotOf(['a']));
  await expect(masterOf(bench.engine, { root, source: 'members', record: 'z' })).rejects.toMatchObject({
    code: 'record-unknown',
  });
});

test('secrets that were drawn once are never drawn anew because their file is lost or broken', async () => {
  const snapshot = await snapshotOf(['a', 'b']);
  const { secrets, commitments } = await ensure(snapshot);
  truncateSync(secrets, 100);
  await expect(ensure(snapshot)).rejects.toMatchObject({ code: 'secrets-broken' });
  rmSync(secrets);
  await expect(ensure(snapshot)).rejects.toMatchObject({ code: 'secrets-missing' });
  rmSync(commitments);
  rmSync(commitments.replace(/parquet$/, 'under'));
  const release = join(root, 'releases/2026-01-01-x');
  mkdirSync(release, { recursive: true });
  writeFileSync(join(release, 'roster.txt'), '');
  writeFileSync(join(release, 'manifest.json'), '{"source":{"id":"members"}}');
  await expect(ensure(snapshot)).rejects.toMatchObject({ code: 'secrets-missing' });
  writeFileSync(join(release, 'manifest.json'), '{"source":{"id":"others"}}');
  expect(readdirSync(vault('')).sort()).toEqual(['key-id', 'lock']);
  await ensure(snapshot);
});

test('commitments are made again with the same bytes, and go with their snapshot', async () => {
  const snapshot = await snapshotOf(['a', 'b']);
  const { commitments } = await ensure(snapshot);
  const bytes = readFileSync(commitments);
  rmSync(commitments);
  await ensure(snapshot);
  expect(readFileSync(commitments).equals(bytes)).toBe(true);
  const other = await snapshotOf(['a', 'c']);
  await ensure(other);
  expect(existsSync(commitments)).toBe(true);
  rmSync(snapshot.dir, { recursive: true });
  await ensure(await snapshotOf(['a', 'd']));
  expect(existsSync(commitments)).toBe(false);
});

test('a source whose name leads out of the vault is none', async () => {
  const snapshot = await snapshotOf(['a']);
  for (const source of ['..', '../x', 'a/b', ''])
    await expect(ensureSecrets(bench.engine, { root, source, snapshot })).rejects.toThrow(RangeError);
});
