import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { canonical } from '../../bulk/outputs/manifest.ts';
import { createLogKey, readLogKey, readSigningKey } from '../../documents/log-key.ts';
import { parseCheckpoint } from '../../log/checkpoint.ts';
import { cosignNote, type Signer, signerOf } from '../../log/keys.ts';
import { signatureLine } from '../../log/note.ts';
import { encryptTo } from '../../supply/age-list.ts';
import { type Countersignature, countersign, parseCountersignature } from '../../supply/countersignature.ts';
import {
  documentFiles,
  type Envelope,
  envelopeFile,
  listFile,
  memberFiles,
  openEnvelope,
  sealEnvelope,
} from '../../supply/envelope.ts';
import { readZip } from '../../supply/zip-read.ts';
import { writeZip } from '../../supply/zip-write.ts';
import { nothingAsked } from '../log/own-log.ts';
import { acceptReceipt } from './countersign.ts';
import { type ReceiveOptions, receive } from './receive.ts';
import { recipientKeys } from './recipient-keys.ts';
import { seal } from './seal.ts';
import { type SupplyFixture, supplyFixture } from './supply.fixture.ts';

let made: SupplyFixture;
let parts: string;
let forged: string;
let supplier: Signer;
let count = 0;
beforeAll(async () => {
  made = await supplyFixture('csv');
  const sealed = await seal(await made.load(), made.ledger, made.release, 'example-toys', 'whole');
  if (sealed.kind !== 'sealed') throw new RangeError(sealed.message);
  parts = join(made.folder, 'parts');
  await mkdir(parts);
  const all = new Map(memberFiles.map((name): [string, number] => [name, 1 << 24]));
  await readZip(sealed.file, parts, { members: all, ratio: 100 });
  supplier = await readLogKey(made.root);
  await recipientKeys('example-toys', join(made.folder, 'other-keys'));
});
afterAll(() => rm(made.folder, { recursive: true, force: true }));
beforeEach(async () => {
  count += 1;
  forged = join(made.folder, `forged-${count}`);
  await mkdir(forged);
  for (const name of memberFiles) await writeFile(join(forged, name), await readFile(join(parts, name)));
});

const digestOf = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
const envelope = async (): Promise<Envelope> =>
  openEnvelope(await readFile(join(parts, envelopeFile), 'utf8'), null).envelope;
const put = (name: string, text: string | Buffer): Promise<void> => writeFile(join(forged, name), text);
const read = (name: string): Promise<string> => readFile(join(forged, name), 'utf8');

/** Signs the envelope anew over what now stands in the folder, as whoever has the key could. */
async function signAnew(change: Partial<Envelope>, signer: Signer): Promise<void> {
  const members: Envelope['members'] = [];
  for (const name of [...documentFiles, listFile]) {
    const bytes = await readFile(join(forged, name));
    members.push({ name, digest: digestOf(bytes), bytes: bytes.length });
  }
  await put(envelopeFile, sealEnvelope({ ...(await envelope()), members, ...change }, signer));
}

type Opening = Partial<Pick<ReceiveOptions, 'logKey' | 'unverified' | 'witnesses' | 'root'>>;
const openings = { unverified: false, witnesses: nothingAsked, root: null };
async function open({ keys, ...options }: Opening & { readonly keys?: string }): Promise<unknown> {
  const zip = join(made.folder, `forged-${count}.zip`);
  await rm(zip, { force: true });
  await writeZip(forged, memberFiles, new Set(), zip);
  const before = (await readdir(made.folder)).sort();
  const out = join(made.folder, `out-${count}`);
  const keyFile = join(made.folder, keys ?? 'toys-keys', 'age.key');
  try {
    return await receive(zip, { keyFile, logKey: made.logKey, ...openings, ...options, signKey: null, out });
  } catch (error) {
    // Whatever the fault, nothing is left.
    expect((await readdir(made.folder)).sort()).toEqual(before);
    throw error;
  }
}
const unverified = { logKey: null, unverified: true };
const refusedAs = async (code: string, options: Parameters<typeof open>[0] = {}): Promise<void> => {
  await expect(open(options)).rejects.toMatchObject({ name: 'SupplyError', code });
};

test('what was sealed opens, and not onto what is there', async () => {
  expect(await open({})).toMatchObject({ genuine: true });
  await expect(open({})).rejects.toMatchObject({ code: 'out-exists' });
});

test('what is no file is not waited for, and nothing is left of it', async () => {
  const [pipe, out] = [join(made.folder, 'supply-pipe'), join(made.folder, 'out-of-pipe')];
  execFileSync('mkfifo', [pipe]);
  const keyFile = join(made.folder, 'toys-keys', 'age.key');
  for (const path of [pipe, '/dev/zero', made.folder]) {
    const receiving = receive(path, { keyFile, logKey: made.logKey, ...openings, signKey: null, out });
    await expect(receiving).rejects.toMatchObject({ code: 'not-a-file', path });
    expect(existsSync(out)).toBe(false);
  }
});

describe('a supply is refused', () => {
  test.each(memberFiles.filter((name) => name !== envelopeFile))('with another %s', async (name) => {
    const bytes = await readFile(join(forged, name));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await put(name, bytes);
    await refusedAs('digest-wrong');
  });

  test('by another log key, or changed after it was signed', async () => {
    const other = join(made.folder, 'other-log');
    await createLogKey(other, 'astold.example/example-club');
    const signer = await readLogKey(other);
    await refusedAs('signed-by-other', { logKey: signer.verifier.vkey });
    await signAnew({}, signer);
    await refusedAs('signed-by-other');
    await put(
      envelopeFile,
      (await readFile(join(parts, envelopeFile), 'utf8')).replace('"bytes":', '"bytes":1'),
    );
    await refusedAs('signed-by-other');
  });

  test('whose envelope is no note, no envelope, not canonical, or of another version', async () => {
    await put(envelopeFile, 'hello');
    await refusedAs('envelope-malformed');
    await signAnew({ format: 'astold/supply/2' } as unknown as Partial<Envelope>, supplier);
    await refusedAs('envelope-malformed');
    await signAnew({ release: '../up' }, supplier);
    await refusedAs('envelope-malformed');
    await signAnew({ members: (await envelope()).members.slice(1) }, supplier);
    await refusedAs('envelope-malformed');
    const spaced = (await readFile(join(parts, envelopeFile), 'utf8')).replace('{', '{ ');
    await put(envelopeFile, spaced);
    await refusedAs('envelope-malformed', unverified);
  });

  test('with the manifest of another release, or a malformed one', async () => {
    await signAnew({ release: '2020-01-01-other' }, supplier);
    await refusedAs('manifest-of-other-release');
    const manifest = JSON.parse(await read('manifest.json'));
    await put(
      'manifest.json',
      canonical({ ...manifest, roster: { ...manifest.roster, root: '00'.repeat(32) } }),
    );
    await signAnew({ manifest: digestOf(await read('manifest.json')) }, supplier);
    await refusedAs('manifest-of-other-release');
    await put('manifest.json', canonical({ ...manifest, roster: { ...manifest.roster, rows: 6 } }));
    await signAnew({}, supplier);
    await refusedAs('manifest-malformed');
    await put('manifest.json', '{');
    await signAnew({}, supplier);
    await refusedAs('manifest-malformed');
  });

  test('of a reconstruction', async () => {
    const manifest = { ...JSON.parse(await read('manifest.json')), mark: 'reconstruction' };
    await put('manifest.json', canonical(manifest));
    await signAnew({ manifest: digestOf(canonical(manifest)) }, supplier);
    await refusedAs('reconstruction-refused');
  });

  test('that is not in the log, whether or not the log key is given', async () => {
    const proof = JSON.parse(await read('log-proof.json'));
    const withProof = async (change: object): Promise<void> => {
      await put('log-proof.json', canonical({ ...proof, ...change }));
      await signAnew({}, supplier);
    };
    await withProof({ index: '1' });
    await refusedAs('not-logged');
    await withProof({ content: { ...proof.content, release: '2020-01-01-other' } });
    await refusedAs('not-logged');
    await withProof({ salt: '00'.repeat(16) });
    await refusedAs('not-logged');
    await refusedAs('not-logged', unverified);
    await withProof({ content: null });
    await refusedAs('proof-malformed');
  });

  test('for another recipient’s key', async () => {
    await refusedAs('wrong-recipient', { keys: 'other-keys' });
  });

  test('whose list was changed within, cut short, or encrypted to someone else', async () => {
    const list = await readFile(join(parts, listFile));
    const bent = Buffer.from(list);
    bent[bent.length - 3] = (bent[bent.length - 3] ?? 0) ^ 1;
    await put(listFile, bent);
    await signAnew({}, supplier);
    await refusedAs('age-tampered');
    await put(listFile, list.subarray(0, -20));
    await signAnew({}, supplier);
    await refusedAs('age-tampered');
    const { ageKey } = await recipientKeys('example-toys', join(made.folder, 'other-keys'));
    await rm(join(forged, listFile));
    await encryptTo(ageKey, pieces('a,trace_code\n'), join(forged, listFile));
    await signAnew({}, supplier);
    await refusedAs('age-tampered');
  });

  test('whose list is not the one named, has other columns, or other rows', async () => {
    const { ageKey, list } = await envelope();
    const withList = async (text: string, named: boolean): Promise<void> => {
      await rm(join(forged, listFile));
      const found = await encryptTo(ageKey, pieces(text), join(forged, listFile));
      await signAnew(named ? { list: { ...list, ...found } } : {}, supplier);
    };
    const header = `${list.columns.join(',')}\n`;
    await withList(header, false);
    await refusedAs('list-differs');
    await withList('forename,trace_code\n'.repeat(list.rows + 1), true);
    await refusedAs('list-differs');
    await withList(`${header}a,b,c,d,e\n`, true);
    await refusedAs('list-differs');
    await withList(`${header}a,b,c,"d,e`, true);
    await refusedAs('list-malformed');
  });
});

describe('who made a supply', () => {
  test('is asked: without the log key nothing is opened, but by whoever says that they do not know', async () => {
    await refusedAs('log-key-missing', { logKey: null });
    await refusedAs('log-key-unused', { unverified: true });
    expect(await open(unverified)).toMatchObject({ genuine: false, checked: [], unchecked: [] });
  });

  test('and when it was logged, of the witnesses named', async () => {
    const witness = signerOf('witness', 'witness.example/w1', generateKeyPairSync('ed25519').privateKey);
    const asked = { witnesses: { witnesses: [witness.verifier], needed: null } };
    await expect(open(asked)).rejects.toMatchObject({ code: 'witnesses-too-few' });
    const none = { witnesses: { witnesses: [supplier.verifier], needed: 0 } };
    await expect(open(none)).rejects.toMatchObject({ code: 'vkey-malformed' });
    const proof = JSON.parse(await read('log-proof.json'));
    const { note } = parseCheckpoint(proof.checkpoint);
    const line = signatureLine(cosignNote(note.text, witness, BigInt(Math.floor(Date.now() / 1000))));
    await put('log-proof.json', canonical({ ...proof, checkpoint: proof.checkpoint + line }));
    await signAnew({}, supplier);
    const received = await open(asked);
    expect(received).toMatchObject({ checked: [expect.stringContaining('1 of 1')], unchecked: [] });
  });
});

describe('keys are refused', () => {
  test('that others may read', async () => {
    const keys = join(made.folder, 'open-keys');
    await mkdir(keys, { recursive: true });
    await writeFile(join(keys, 'age.key'), await readFile(join(made.keys, 'age.key')), { mode: 0o644 });
    await expect(open({ keys: 'open-keys' })).rejects.toMatchObject({ code: 'key-permissions' });
  });

  test('that are no age identity, or no verifier key', async () => {
    const keys = join(made.folder, 'bad-keys');
    await mkdir(keys, { recursive: true });
    await writeFile(join(keys, 'age.key'), 'AGE-SECRET-KEY-1NOT\n', { mode: 0o600 });
    await refusedAs('identity-malformed', { keys: 'bad-keys' });
    await expect(open({ logKey: 'no key' })).rejects.toMatchObject({ code: 'vkey-malformed' });
    const keyFile = join(made.keys, 'age.key');
    const unchecked = {
      keyFile,
      ...openings,
      logKey: null,
      unverified: true,
      signKey: join(made.keys, 'sign.key'),
      out: join(made.folder, 'x'),
    };
    await expect(receive(join(parts, listFile), unchecked)).rejects.toMatchObject({
      code: 'log-key-missing',
    });
  });
});

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

describe('a countersignature is refused', () => {
  let content: Countersignature;
  let recipient: Signer;
  beforeAll(async () => {
    const keys = join(made.folder, 'toys-keys');
    recipient = await readSigningKey(join(keys, 'sign.key'), join(keys, 'sign.pub'), 'log');
    const { digest, envelope: sealed } = openEnvelope(
      await readFile(join(parts, envelopeFile), 'utf8'),
      null,
    );
    content = {
      format: 'astold/countersignature/1',
      release: sealed.release,
      recipient: sealed.recipient,
      supply: digest,
      manifest: sealed.manifest,
      rows: sealed.list.rows,
      rosterRoot: sealed.roster.root,
      at: new Date().toISOString(),
    };
  });
  const offered = async (note: string): Promise<unknown> => {
    const path = join(forged, 'countersignature.note');
    await writeFile(path, note);
    return acceptReceipt(await made.load(), made.ledger, path);
  };
  const refused = async (note: string, code: string): Promise<void> => {
    await expect(offered(note)).rejects.toMatchObject({ name: 'SupplyError', code });
  };
  const changed = (change: Partial<Countersignature>): string =>
    countersign({ ...content, ...change }, recipient);

  test('that is none, or of another version', async () => {
    await refused('hello', 'countersignature-malformed');
    const other = { format: 'astold/countersignature/2' } as unknown as Partial<Countersignature>;
    await refused(changed(other), 'countersignature-malformed');
    await refused(changed({ release: '../../up' }), 'countersignature-malformed');
  });
  test('by another key, or changed after it was signed', async () => {
    await refused(countersign(content, supplier), 'countersignature-by-other');
    await refused(changed({}).replace(`"rows":${content.rows}`, '"rows":1'), 'countersignature-by-other');
  });
  test('by someone whose key is not on file', async () => {
    await refused(changed({ recipient: 'example-club' }), 'signing-key-missing');
  });
  test('of another release, or of another supply of it', async () => {
    await refused(changed({ release: '2020-01-01-other' }), 'countersignature-of-other-release');
    await refused(changed({ supply: '00'.repeat(32) }), 'countersignature-of-other-release');
  });
  test('with other rows, another roster or another manifest', async () => {
    await refused(changed({ rows: content.rows - 1 }), 'countersignature-differs');
    await refused(changed({ rosterRoot: '00'.repeat(32) }), 'countersignature-differs');
    await refused(changed({ manifest: '00'.repeat(32) }), 'countersignature-differs');
  });
  test('from the future, or from before the supply', async () => {
    const hour = 3_600_000;
    const time = (ms: number): string => new Date(Date.now() + ms).toISOString();
    await refused(changed({ at: time(hour) }), 'countersignature-future');
    await refused(changed({ at: time(-24 * hour) }), 'countersignature-early');
  });
  test('and is taken where nothing is wrong with it', async () => {
    expect(parseCountersignature(changed({})).content).toEqual(content);
    expect(await offered(changed({}))).toMatchObject({ release: made.release, rows: content.rows });
  });
});
