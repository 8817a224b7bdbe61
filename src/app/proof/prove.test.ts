import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { destroySecrets } from '../../bulk/destroyed.ts';
import { openDuckdb } from '../../bulk/engines/duckdb.ts';
import { ensureSecrets, masterOf } from '../../bulk/secrets.ts';
import { record } from '../../cli/recording.fixture.ts';
import { parseCheckpoint, signCheckpoint } from '../../log/checkpoint.ts';
import { contentText, entryOf } from '../../log/entry.ts';
import { cosignNote, type Signer, signerOf } from '../../log/keys.ts';
import { inclusionProof, leafHash, rootOf } from '../../log/merkle.ts';
import { signatureLine } from '../../log/note.ts';
import { commitRoster } from '../../roster/roster-file.ts';
import { leafOf, printToken, releaseToken } from '../../roster/token.ts';
import { nothingAsked } from '../log/own-log.ts';
import { rotateKey } from '../workspace/rotate-key.ts';
import type { ProofFile } from './proof-file.ts';
import { prove } from './prove.ts';
import { verify } from './verify.ts';
import { type ProofAgainst, verifyProof } from './verify-proof.ts';

const release = '2026-11-21-toy-offer';
const [member, stranger] = ['M0001', 'M0002'];
let root = '';
let tokens: Readonly<Record<string, string>> = {};
const signer: Signer = signerOf('log', 'astold.example/club', generateKeyPairSync('ed25519').privateKey);
const otherLog: Signer = signerOf('log', 'astold.example/club', generateKeyPairSync('ed25519').privateKey);

async function withEngine<T>(
  work: (engine: Awaited<ReturnType<typeof openDuckdb>>) => Promise<T>,
): Promise<T> {
  const engine = await openDuckdb({ tempDirectory: join(root, '.astold/tmp') });
  try {
    return await work(engine);
  } finally {
    engine.close();
  }
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'astold-prove-'));
  mkdirSync(join(root, 'keys'), { mode: 0o700 });
  writeFileSync(join(root, 'keys/organisation.key'), 'ab'.repeat(32), { mode: 0o600 });
  writeFileSync(join(root, 'astold.yaml'), '');
  const dir = join(root, '.astold/snapshots/one');
  mkdirSync(dir, { recursive: true });
  await withEngine(async (engine) => {
    const rows =
      "SELECT 'M' || lpad(CAST(range AS VARCHAR), 4, '0') AS rid, 'Smith' AS f_surname FROM range(1, 301)";
    await engine.copy(rows, join(dir, 'records.parquet'), 'parquet');
    await ensureSecrets(engine, { root, source: 'members', snapshot: { dir, digest: 'one' } });
    const all: Record<string, string> = {};
    for (let i = 1; i <= 300; i++) {
      const rid = `M${String(i).padStart(4, '0')}`;
      all[rid] = await masterOf(engine, { root, source: 'members', record: rid });
    }
    tokens = all;
  });
  // Every second record is released.
  const masters = Object.values(tokens).filter((_, i) => i % 2 === 0);
  await writeRelease(release, masters);
  await writeRelease('2026-12-01-another', masters.slice(1));
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function writeRelease(id: string, masters: readonly string[]): Promise<void> {
  const folder = join(root, 'releases', id);
  mkdirSync(folder, { recursive: true });
  const leaves = masters.map((master) => leafOf(releaseToken(master, id))).sort();
  writeFileSync(join(folder, 'roster.txt'), leaves.map((leaf) => `${leaf}\n`).join(''));
  const roster = await commitRoster(join(folder, 'roster.txt'));
  const key = readFileSync(join(root, 'vault/sources/members/key-id'), 'utf8').trim();
  const manifest = {
    format: 'astold/manifest/2',
    release: id,
    mark: 'reconstruction',
    source: { id: 'members' },
    roster: { file: 'roster.txt', key, ...roster },
  };
  writeFileSync(join(folder, 'manifest.json'), canonicalize(manifest) ?? '');
  const { createHash } = await import('node:crypto');
  const digest = createHash('sha256')
    .update(readFileSync(join(folder, 'manifest.json')))
    .digest('hex');
  const content = { kind: 'release', at: '2026-11-21T10:00:00Z', release: id, manifest: digest } as const;
  const salt = Buffer.alloc(16, 7);
  const entry = entryOf(contentText(content), salt);
  const hashes = [Buffer.from('before'), entry, Buffer.from('after')].map(leafHash);
  writeFileSync(
    join(folder, 'log-proof.json'),
    JSON.stringify({
      entry: entry.toString('hex'),
      salt: salt.toString('hex'),
      content,
      index: '1',
      size: '3',
      proof: inclusionProof(hashes, 1n).map((hash) => hash.toString('hex')),
      checkpoint: signCheckpoint({ size: 3n, root: rootOf(hashes) }, signer),
    }),
  );
}

const manifestOf = (id: string): Buffer => readFileSync(join(root, 'releases', id, 'manifest.json'));
const byToken = (rid: string, id = release) =>
  prove(root, id, join(root, 'nowhere'), { kind: 'token', token: tokens[rid] ?? '' });
const byPerson = (rid: string) =>
  prove(root, release, join(root, 'nowhere'), { kind: 'person', record: rid });
const against = (change: Partial<ProofAgainst> = {}): ProofAgainst => ({
  manifest: manifestOf(release),
  log: signer.verifier,
  witnesses: { witnesses: [], needed: 0 },
  token: null,
  ...change,
});

describe('a proof of who was in a release', () => {
  test.each([
    [member, 'present', 'is among the records committed for this release'],
    [stranger, 'absent', 'is not among the records committed for this release'],
  ] as const)('says of %s, in just those words, that it is %s', async (rid, result, says) => {
    for (const proved of [await byToken(rid), await byPerson(rid)]) {
      expect(proved.result).toBe(result);
      expect(verifyProof(proved.proof, against({ token: tokens[rid] ?? '' }))).toMatchObject({
        result,
        says,
        release,
        mark: 'reconstruction',
        unchecked: [expect.stringContaining('no witness')],
      });
    }
  });

  test('is made by whoever holds a token and the folder, with no workspace', async () => {
    const token = printToken(tokens[member] ?? '');
    const proved = await prove(null, 'x', join(root, 'releases', release), { kind: 'token', token });
    expect(proved.result).toBe('present');
  });

  test('shows neither the master token nor the record id', async () => {
    for (const rid of [member, stranger]) {
      const text = JSON.stringify((await byPerson(rid)).proof);
      expect([text.includes(tokens[rid] ?? '?'), text.includes(rid)]).toEqual([false, false]);
    }
  });

  test('is of its holder alone', async () => {
    const { proof } = await byToken(stranger);
    expect(() => verifyProof(proof, against({ token: tokens[member] ?? '' }))).toThrow(
      expect.objectContaining({ code: 'proof-other-person' }),
    );
  });

  test('of a record that nobody ingested is refused, not an absence', async () => {
    await expect(byPerson('M9999')).rejects.toMatchObject({ code: 'record-unknown' });
  });

  test('of a person needs the workspace, and of a release one that is there', async () => {
    await expect(
      prove(null, 'x', join(root, 'releases', release), { kind: 'person', record: member }),
    ).rejects.toMatchObject({ code: 'secrets-missing' });
    for (const id of ['2026-01-01-none', '../releases', '', '.'])
      await expect(byToken(member, id)).rejects.toMatchObject({ code: 'release-unknown' });
  });
});

describe('a proof that was changed, or is held against something else, is refused', () => {
  const change = (proof: ProofFile, with_: Partial<ProofFile>): ProofFile => ({ ...proof, ...with_ });
  test('in any of its parts', async () => {
    const { proof } = await byToken(member);
    const other = (await byToken(member, '2026-12-01-another')).proof;
    const said = 'is not among the records committed for this release';
    const logged = proof.log;
    if (logged === null) throw new TypeError('a release without its log proof');
    const cases: readonly (readonly [unknown, Partial<ProofAgainst>, string])[] = [
      [null, {}, 'proof-malformed'],
      [{ ...proof, format: 'astold/roster-proof/2' }, {}, 'proof-malformed'],
      [{ ...proof, more: 1 }, {}, 'proof-malformed'],
      [{ ...proof, token: undefined }, {}, 'proof-malformed'],
      [change(proof, { says: said }), {}, 'proof-malformed'],
      [proof, { manifest: manifestOf('2026-12-01-another') }, 'proof-other-release'],
      [proof, { manifest: Buffer.from(`${manifestOf(release)} `) }, 'proof-other-manifest'],
      [proof, { manifest: Buffer.from('{"half') }, 'manifest-malformed'],
      [change(proof, { manifest: other.manifest }), {}, 'proof-other-manifest'],
      [change(proof, { mark: null }), {}, 'proof-other-roster'],
      [change(proof, { roster: { ...proof.roster, root: other.roster.root } }), {}, 'proof-other-roster'],
      // Nonces are random: another token may fall into the same bucket.
      [change(proof, { token: other.token }), {}, 'proof-(bucket|malformed)'],
      [change(proof, { bucket: other.bucket, path: other.path }), {}, 'proof-(bucket|path)'],
      [change(proof, { path: proof.path.slice(1) }), {}, 'proof-path'],
      [change(proof, { log: null }), {}, 'log-proof-missing'],
      [change(proof, { log: other.log }), {}, 'log-proof-other'],
      [change(proof, { log: { ...logged, salt: '0'.repeat(32) } }), {}, 'opening-wrong'],
      [change(proof, { log: { ...logged, salt: '0'.repeat(32) } }), { log: null }, 'opening-wrong'],
      [change(proof, { log: { ...logged, index: '2' } }), {}, 'entry-unknown'],
      [change(proof, { log: { ...logged, size: '4' } }), {}, 'log-forked'],
      [proof, { log: otherLog.verifier }, 'note-unsigned'],
    ];
    for (const [value, change_, code] of cases)
      expect(() => verifyProof(value, against(change_)), code).toThrow(
        expect.objectContaining({ code: expect.stringMatching(new RegExp(`^${code}$`)) }),
      );
  });

  test('without the log’s key the answer says that the log was not looked at', async () => {
    const { proof } = await byToken(member);
    const found = verifyProof(proof, against({ log: null }));
    expect(found.unchecked.join()).toContain('--log-key');
  });

  test('a manifest without a roster proves nothing', async () => {
    const { proof } = await byToken(member);
    const { roster: _, ...manifest } = JSON.parse(manifestOf(release).toString('utf8'));
    expect(() => verifyProof(proof, against({ manifest: Buffer.from(JSON.stringify(manifest)) }))).toThrow(
      expect.objectContaining({ code: 'release-without-roster' }),
    );
  });

  test('a file of another kind is not verified', async () => {
    const path = join(root, 'other.json');
    const options = { manifest: null, logKey: null, witnesses: nothingAsked, token: null, root: null };
    for (const [text, code] of [
      ['{', 'file-malformed'],
      ['[]', 'format-unknown'],
      ['{"format":"toString"}', 'format-unknown'],
    ] as const) {
      writeFileSync(path, text);
      await expect(verify(path, options)).rejects.toMatchObject({ code });
    }
    writeFileSync(path, JSON.stringify((await byToken(member)).proof));
    await expect(verify(path, options)).rejects.toMatchObject({ code: 'manifest-needed' });
    await expect(verify(path, { ...options, logKey: 'x' })).rejects.toMatchObject({ code: 'vkey-malformed' });
    expect(await verify(path, { ...options, root })).toMatchObject({ proof: { result: 'present' } });
  });
});

describe('on the command line', () => {
  test('a person is proved to be in, the proof is verified, and nothing is written over', async () => {
    const proved = await record(['prove', release, '--person', member], root);
    expect([proved.status, proved.err]).toEqual([0, '']);
    expect(proved.out).toContain('is among the records committed for this release');
    const file = `proof-${release}.json`;
    const token = join(root, 'token.txt');
    writeFileSync(token, `${printToken(tokens[member] ?? '')}\n`);
    const words = ['verify', file, '--log-key', signer.verifier.vkey, '--token-file', token];
    const verified = await record(words, root);
    expect([verified.status, verified.err]).toEqual([0, '']);
    expect(verified.out).not.toContain('not checked  that');
    expect((await record(['prove', release, '--person', member], root)).err).toContain('[out-exists]');
    expect(proved.out + verified.out).not.toContain(tokens[member]);
  });

  test('the releases a person is in are listed', async () => {
    const first = JSON.parse((await record(['releases', '--person', member, '--json'], root)).out);
    expect(first).toEqual({ present: [release], searched: 2, unknown: [] });
    const third = await record(['releases', '--token', tokens.M0003 ?? '', '--json'], root);
    expect(JSON.parse(third.out).present).toEqual([release, '2026-12-01-another']);
    const none = await record(['releases', '--person', stranger, '--json'], root);
    expect(JSON.parse(none.out).present).toEqual([]);
  });

  test.each([
    [['prove', release], 2],
    [['prove', release, '--person', 'x', '--token', 'y'], 2],
    [['prove', release, '--token', 'x'], 1],
    [['prove', 'nothing', '--token', '0'.repeat(32)], 1],
    [['prove', release, '--person', 'M9999'], 2],
    [['verify', 'astold.yaml'], 1],
    [['releases'], 2],
  ])('astold %j ends with %i, in one line, and writes nothing', async (words, status) => {
    const ran = await record(words, root);
    expect([ran.status, ran.out, ran.err.trimEnd().split('\n').length]).toEqual([status, '', 1]);
  });

  test('a truncated roster is refused in one line', async () => {
    const path = join(root, 'releases', '2026-12-01-another', 'roster.txt');
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, 100));
    const ran = await record(['prove', '2026-12-01-another', '--token', tokens[member] ?? ''], root);
    writeFileSync(path, whole);
    expect([ran.status, ran.out, ran.err]).toEqual([
      1,
      '',
      expect.stringMatching(/^error: [^\n]*\[roster-truncated\]\n$/),
    ]);
  });
});

describe('in the workspace of the log', () => {
  const witness = signerOf('witness', 'witness.example/w1', generateKeyPairSync('ed25519').privateKey);
  const own = 'own.json';
  const keep = async (change: (log: NonNullable<ProofFile['log']>) => object): Promise<void> => {
    const { proof } = await byToken(member);
    if (proof.log === null) throw new TypeError('a release without its log proof');
    const log = { ...proof.log, ...change(proof.log) };
    writeFileSync(join(root, own), JSON.stringify({ ...proof, log }));
  };
  const config = (lines: string): void =>
    writeFileSync(
      join(root, 'astold.yaml'),
      `organisation: club\nkind: live\nclock: null\nrules: uk\n${lines}`,
    );
  const witnesses = `witnesses:\n  - { name: "${witness.verifier.name}", url: "http://127.0.0.1:1", key: "${witness.verifier.vkey}" }\n`;
  beforeAll(() => {
    writeFileSync(join(root, 'keys/log.pub'), `${signer.verifier.vkey}\n`);
    config('');
  });
  afterAll(() => {
    rmSync(join(root, 'keys/log.pub'));
    writeFileSync(join(root, 'astold.yaml'), '');
  });

  test('a proof is checked under its own key, and one for another size is refused', async () => {
    await keep(() => ({}));
    expect(await record(['verify', own], root)).toMatchObject({ status: 0, err: '' });
    await keep(() => ({ size: '9' }));
    const refused = await record(['verify', own], root);
    expect([refused.status, refused.out]).toEqual([1, '']);
    expect(refused.err).toMatch(/^error: [^\n]*\[log-forked\]\n$/);
  });

  test('it is said beside what was not checked that nobody gave that key', async () => {
    await keep(() => ({}));
    const unchecked = async (...more: readonly string[]): Promise<string> =>
      JSON.stringify(
        JSON.parse((await record(['verify', own, '--json', ...more], root)).out).proof.unchecked,
      );
    expect(await unchecked()).toContain('keys/log.pub');
    expect(await unchecked('--log-key', signer.verifier.vkey)).not.toContain('keys/log.pub');
  });

  test('of another’s release, whose manifest was given, nothing is settled without the key of that log', async () => {
    await keep(() => ({}));
    const words = ['verify', own, '--manifest', join('releases', release, 'manifest.json')];
    const found = await record(words, root);
    expect([found.status, found.err]).toEqual([1, '']);
    expect(found.out).toMatch(/^It cannot be told/);
    expect(JSON.parse((await record([...words, '--json'], root)).out).proof.kind).toBe('unsettled');
    const settled = await record([...words, '--log-key', signer.verifier.vkey, '--json'], root);
    expect([settled.status, JSON.parse(settled.out).proof.kind]).toEqual([0, 'settled']);
  });

  test('its witnesses must have cosigned, as many as astold.yaml or whoever asks says', async () => {
    await keep(() => ({}));
    config(witnesses);
    const alone = await record(['verify', own], root);
    expect([alone.status, alone.out]).toEqual([1, '']);
    expect(alone.err).toMatch(/^error: [^\n]*\[witnesses-too-few\]\n$/);
    expect((await record(['verify', own, '--needed', '0'], root)).out).toContain('none of the witnesses');
    expect((await record(['verify', own, '--needed', '2'], root)).err).toContain('[witnesses-too-few]');
    config(`${witnesses}witness-policy: 0\n`);
    expect((await record(['verify', own], root)).status).toBe(0);
    config('witnesses: 1\n');
    expect((await record(['verify', own], root)).err).toContain('astold.yaml:5:12');
  });

  test('and those named, whatever it says', async () => {
    const named = ['verify', own, '--witness', witness.verifier.vkey];
    config('');
    await keep(() => ({}));
    expect((await record(named, root)).err).toContain('[witnesses-too-few]');
    const seconds = BigInt(Math.floor(Date.now() / 1000));
    await keep(({ checkpoint }) => {
      const { note } = parseCheckpoint(checkpoint);
      return { checkpoint: checkpoint + signatureLine(cosignNote(note.text, witness, seconds)) };
    });
    const seen = await record(named, root);
    expect([seen.status, seen.out]).toEqual([0, expect.stringContaining('1 of 1 witness named had seen')]);
    expect(seen.out).not.toContain('not checked  when');
    expect((await record(['verify', own], root)).out).toContain('not checked  when: 1 line of witnesses');
    expect((await record([...named, '--needed', '2'], root)).status).toBe(2);
    const log = ['verify', own, '--witness', signer.verifier.vkey];
    expect((await record(log, root)).err).toContain('[vkey-malformed]');
  });
});

describe('what changes later', () => {
  test('after a rotation of the key old releases are proved as before', async () => {
    const { id, earlier } = await rotateKey(root);
    expect(id).not.toBe(earlier.id);
    expect((await byPerson(member)).result).toBe('present');
    expect((await byPerson(stranger)).result).toBe('absent');
  });

  test('of a person who was erased nothing is proved by the holder of the key, and all by the holder of the token', async () => {
    await withEngine((engine) => destroySecrets(engine, root, 'members', [member]));
    await expect(byPerson(member)).rejects.toMatchObject({ code: 'secrets-destroyed' });
    const snapshot = { dir: join(root, '.astold/snapshots/one'), digest: 'one' };
    await withEngine((engine) => ensureSecrets(engine, { root, source: 'members', snapshot }));
    await expect(byPerson(member)).rejects.toMatchObject({ code: 'secrets-destroyed' });
    expect((await byToken(member)).result).toBe('present');
  });
});
