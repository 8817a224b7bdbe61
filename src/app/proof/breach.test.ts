import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonical, fileDigest } from '../../bulk/outputs/manifest.ts';
import { record } from '../../cli/recording.fixture.ts';
import { readLogKey } from '../../documents/log-key.ts';
import { loadWorkspace } from '../../documents/workspace.ts';
import type { Receipt } from '../../evidence/receipt.ts';
import { parseCheckpoint } from '../../log/checkpoint.ts';
import { cosignNote, signerOf } from '../../log/keys.ts';
import { signatureLine } from '../../log/note.ts';
import { publishLog } from '../../store/publish-log.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { ingest } from '../gate/ingest.ts';
import { release } from '../gate/release.ts';
import { nothingAsked } from '../log/own-log.ts';
import { batchReceiptOf } from '../people/batch-receipt.ts';
import { type PreferFixture, preferFixture } from '../people/prefer.fixture.ts';
import { importPreferences } from '../people/prefer-batch.ts';
import { verify } from './verify.ts';

let club: PreferFixture;
let id = '';
let logKey = '';
let around = '';
const receipts = new Map<string, Receipt>();

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const consent = { kind: 'consent', notice: 'web@1', consent: 'toy-offers' } as const;
const marketing = { purpose: 'dpv:DirectMarketing', channel: 'post' } as const;

/**
 * A release around the gate: the package of a copy of the workspace in which nobody said a thing, with what its manifest
 * states of itself changed, under an entry of the log that they are in.
 */
async function logAround(from: string, to: string, change: object): Promise<void> {
  cpSync(from, to, { recursive: true });
  const file = join(to, 'manifest.json');
  const manifest = { ...JSON.parse(readFileSync(file, 'utf8')), ...change };
  writeFileSync(file, canonical(manifest));
  const { digest } = await fileDigest(file);
  const ledger = await sqliteLedger(club.root).open({ waitMs: 5000 });
  const content = { kind: 'release', at: manifest.cutOff, release: id, manifest: digest } as const;
  const [appended] = await ledger.append([content]);
  const { text } = await publishLog(
    ledger,
    await readLogKey(club.root),
    () => false,
    async (signed) => signed,
  );
  const proof = appended && (await ledger.prove(appended.index, text));
  await ledger.close();
  if (!appended || !proof) throw new RangeError('the entry was not published');
  writeFileSync(join(to, 'log-proof.json'), canonical({ ...proof, ...appended.opening }));
}

async function keep(name: string, receipt: Receipt): Promise<string> {
  receipts.set(name, await club.again(receipt.content.event));
  const path = join(club.root, `${name}.json`);
  writeFileSync(path, JSON.stringify(receipts.get(name)));
  return path;
}
const path = (name: string): string => join(club.root, `${name}.json`);
const against = (answer: string | null = null, folder = join(club.root, 'releases', id)) => ({
  manifest: null,
  logKey,
  witnesses: nothingAsked,
  token: null,
  root: null,
  receipt: { release: id, folder, evidence: null, answer: answer === null ? null : path(answer) },
});
async function finding(name: string, answer: string | null = null): Promise<unknown> {
  const verified = await verify(path(name), against(answer));
  return verified.kind === 'receipt' ? verified.held?.finding : null;
}

beforeAll(async () => {
  club = await preferFixture();
  logKey = await club.logKey();
  // The same secrets in both, and nothing said yet.
  await ingest(await club.load(), null, club.options);
  around = join(club.root, '../../', `${basename(club.root)}-around`);
  cpSync(club.root, around, { recursive: true });
  // Folders are copied without their modes.
  for (const each of readdirSync(around, { recursive: true, withFileTypes: true }))
    if (each.isDirectory()) chmodSync(join(each.parentPath, each.name), 0o700);
  const said = {
    narrow: await club.say(marketing),
    whole: await club.say({ person: 'M010' }),
    elsewhere: await club.say({ person: 'M015', channel: 'email' }),
    absent: await club.say({ person: 'M003' }),
    told: await club.say({ person: 'M007', kind: 'presented', notice: 'web@1', delivery: 'sent' }),
    nobody: await club.say({ person: null, details: { ...none(), email: 'femi@people.example' } }),
  };
  // A permission is signed after the stop was received, and received before the release decides.
  await wait(5);
  const answers = {
    consent: await club.say({ ...consent, ...marketing }),
    wider: await club.say({ ...consent, purpose: 'dpv:DirectMarketing' }),
    another: await club.say({ ...consent, ...marketing, person: 'M010' }),
    lift: await club.say({ person: 'M010', kind: 'lift', lifts: said.whole.content.event }),
    all: await club.say({ ...consent, person: 'M010' }),
  };
  await club.publish();
  for (const [name, receipt] of Object.entries({ ...said, ...answers })) await keep(name, receipt);
  await wait(5);
  const done = await release(await loadWorkspace(around), 'toy-offer', { ...club.options, asOf: null });
  if (done.kind !== 'released') throw new RangeError(JSON.stringify(done).slice(0, 300));
  id = done.release;
  const ledger = await sqliteLedger(club.root).open({ waitMs: 5000 });
  const logSize = `${(await ledger.head()).size}`;
  await ledger.close();
  cpSync(join(around, 'evidence', id), join(club.root, 'evidence', id), { recursive: true });
  await logAround(join(around, 'releases', id), join(club.root, 'releases', id), { logSize });
  await wait(5);
  const late = await club.say(marketing);
  const answered = await club.say({ ...consent, ...marketing });
  await club.publish();
  await keep('late', late);
  await keep('late-consent', answered);
}, 60_000);
afterAll(() => {
  for (const folder of [club.root, around]) rmSync(folder, { recursive: true, force: true });
});
const none = () => ({
  email: null,
  phone: null,
  surname: null,
  addressLine: null,
  postcode: null,
  birthDate: null,
});

describe('a receipt held against a release', () => {
  test('shows an apparent breach where a stop before it was passed over', async () => {
    for (const name of ['narrow', 'whole'])
      expect(await finding(name), name).toEqual({ kind: 'apparent-breach', before: 'log', answer: null });
  });

  test('is answered by a later consent of the identical scope', async () => {
    expect(await finding('narrow', 'consent')).toEqual({ kind: 'no-breach', code: 'answered' });
  });

  test('is answered, where it stops everything, by an act that showed it', async () => {
    expect(await finding('whole', 'lift')).toEqual({ kind: 'no-breach', code: 'answered' });
  });

  test.each([
    ['narrow', 'wider', 'answer-other-scope'],
    ['narrow', 'another', 'answer-other-person'],
    ['narrow', 'whole', 'answer-other-person'],
    ['narrow', 'narrow', 'answer-no-permission'],
    ['narrow', 'late-consent', 'answer-too-late'],
    ['narrow', 'lift', 'answer-other-person'],
    ['whole', 'all', 'answer-other-scope'],
  ])('%s is not answered by %s: %s', async (name, answer, code) => {
    expect(await finding(name, answer)).toMatchObject({ kind: 'apparent-breach', answer: code });
  });

  test.each([
    ['elsewhere', { kind: 'no-breach', code: 'scope-elsewhere' }],
    ['absent', { kind: 'no-breach', code: 'not-in-release' }],
    ['told', { kind: 'no-breach', code: 'not-a-stop' }],
    ['nobody', { kind: 'unsettled', code: 'no-token' }],
    ['late', { kind: 'no-breach', code: 'received-later' }],
  ])('%s shows none', async (name, expected) => {
    expect(await finding(name)).toEqual(expected);
  });

  test('without the evidence says that it cannot tell what was asked, but of a stop of everything', async () => {
    const alone = join(club.root, 'alone');
    cpSync(join(club.root, 'releases', id), alone, { recursive: true });
    const held = async (name: string) => {
      const verified = await verify(path(name), against(null, alone));
      return verified.kind === 'receipt' ? verified.held : null;
    };
    expect((await held('narrow'))?.finding).toEqual({ kind: 'unsettled', code: 'no-evidence' });
    expect((await held('whole'))?.finding.kind).toBe('apparent-breach');
    const evidence = join(club.root, 'evidence', id);
    expect(existsSync(evidence)).toBe(true);
    const given = against(null, alone);
    const verified = await verify(path('narrow'), {
      ...given,
      receipt: { ...given.receipt, evidence },
    });
    expect(verified).toMatchObject({ held: { finding: { kind: 'apparent-breach' } } });
  });

  test('that is a promise alone still shows what was promised before the release by the same clock', async () => {
    const whole = receipts.get('narrow');
    writeFileSync(path('promise'), JSON.stringify({ ...whole, logged: null }));
    expect(await finding('promise')).toMatchObject({ kind: 'apparent-breach', before: 'clock' });
    const { unchecked } = (await verify(path('promise'), against())) as { unchecked: readonly string[] };
    expect(unchecked.join()).toContain('published log');
    expect(await finding('narrow', 'promise')).toMatchObject({ answer: 'answer-no-permission' });
  });
});

describe('a file of letters, keyed after the release', () => {
  // The release states that the post up to yesterday had been keyed.
  const receiptOf = async (name: string, by: object): Promise<string> => {
    const file = join(club.root, `${name}.csv`);
    writeFileSync(file, `event,record,kind,received\n${name},M002,objection,2026-01-02\n`);
    const done = await importPreferences(await club.load(), 'members', file, { ...club.options, ...by });
    if (done.kind === 'refused') throw new RangeError(done.message);
    await club.publish();
    const made = await batchReceiptOf(await club.load(), done.batch.id, 1, club.options);
    if (made.kind === 'refused') throw new RangeError(made.message);
    writeFileSync(path(name), JSON.stringify(made.receipt));
    return name;
  };

  test('shows an apparent breach where it says that they are letters', async () => {
    const letters = await receiptOf('letters', { receivedBy: 'letter' });
    expect(await finding(letters)).toMatchObject({ kind: 'apparent-breach', before: 'post' });
  });

  test('settles nothing where nobody says how they came', async () => {
    const unsaid = await receiptOf('unsaid', {});
    expect(await finding(unsaid)).toEqual({ kind: 'unsettled', code: 'way-unknown' });
    const web = await receiptOf('by-web', { receivedBy: 'web' });
    expect(await finding(web)).toEqual({ kind: 'no-breach', code: 'received-later' });
  });
});

describe('a release that its own supplier dates back', () => {
  let backdated = '';
  beforeAll(async () => {
    backdated = join(club.root, 'backdated');
    const earlier = { cutOff: '2020-01-01T00:00:00.000Z', logSize: '0' };
    await logAround(join(club.root, 'releases', id), backdated, earlier);
  });

  test('is not cleared by it: the stop was in the log before the release was', async () => {
    const found = await verify(path('whole'), against(null, backdated));
    expect(found).toMatchObject({ held: { finding: { kind: 'unsettled', code: 'logged-before-release' } } });
    const words = ['verify', 'whole.json', '--against', 'backdated', '--log-key', logKey];
    const said = await record(words, club.root);
    expect([said.status, said.out]).toEqual([1, expect.stringContaining('[logged-before-release]')]);
  });

  test('and a promise alone does not clear it either', async () => {
    writeFileSync(path('alone'), JSON.stringify({ ...receipts.get('whole'), logged: null }));
    const found = await verify(path('alone'), against(null, backdated));
    expect(found).toMatchObject({ held: { finding: { kind: 'unsettled', code: 'no-proof' } } });
  });
});

describe('witnesses', () => {
  const witness = signerOf('witness', 'witness.example/w1', generateKeyPairSync('ed25519').privateKey);
  const asked = { witnesses: [witness.verifier], needed: null };
  const cosigned = (checkpoint: string, at: number): string => {
    const { note } = parseCheckpoint(checkpoint);
    return checkpoint + signatureLine(cosignNote(note.text, witness, BigInt(Math.floor(at / 1000))));
  };
  const witnessed = (name: string, at: number): string => {
    const receipt = receipts.get(name);
    if (!receipt?.logged) throw new RangeError(`${name} is not proved`);
    const logged = { ...receipt.logged, checkpoint: cosigned(receipt.logged.checkpoint, at) };
    writeFileSync(path('witnessed'), JSON.stringify({ ...receipt, logged }));
    return path('witnessed');
  };
  const releaseSeen = (at: number): string => {
    const folder = join(club.root, `seen-${at}`);
    cpSync(join(club.root, 'releases', id), folder, { recursive: true });
    const file = join(folder, 'log-proof.json');
    const proof = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, canonical({ ...proof, checkpoint: cosigned(proof.checkpoint, at) }));
    return folder;
  };
  const askedOf = (folder: string) => {
    const { receipt, ...rest } = against(null, folder);
    return {
      ...rest,
      witnesses: asked,
      receipt: { ...receipt, evidence: join(club.root, 'evidence', id) },
    };
  };
  const hour = 3_600_000;

  test('that are named must have cosigned the receipt and the release', async () => {
    const options_ = { ...against(), witnesses: asked };
    await expect(verify(path('whole'), options_)).rejects.toMatchObject({ code: 'witnesses-too-few' });
    const file = witnessed('whole', Date.now());
    await expect(verify(file, options_)).rejects.toMatchObject({ code: 'witnesses-too-few' });
    const folder = releaseSeen(Date.now());
    const found = await verify(file, askedOf(folder));
    expect(found).toMatchObject({ held: { finding: { kind: 'apparent-breach' } } });
    if (found.kind !== 'receipt') throw new RangeError('not a receipt');
    expect(found.checked.filter((what) => what.includes('1 of 1 witness named'))).toHaveLength(2);
    expect(found.unchecked).toEqual([]);
  });

  test('show a stop to be earlier than its log says', async () => {
    // Logged after the release; and a witness had seen it an hour before.
    const folder = releaseSeen(Date.now());
    const found = await verify(witnessed('late', Date.now() - hour), askedOf(folder));
    expect(found).toMatchObject({ held: { finding: { before: 'witnesses' } } });
  });

  test('show a release that says it was decided after they had seen it', async () => {
    const options_ = askedOf(releaseSeen(Date.now() - hour));
    await expect(verify(witnessed('whole', Date.now()), options_)).rejects.toMatchObject({
      code: 'manifest-malformed',
    });
  });

  test('from the future are refused', async () => {
    const options_ = { ...against(), witnesses: asked };
    await expect(verify(witnessed('whole', Date.now() + hour), options_)).rejects.toMatchObject({
      code: 'cosignature-future',
    });
  });
});

describe('what was changed is refused, whoever changed it', () => {
  const folderWith = (name: string, change: (text: string) => string): string => {
    const to = join(club.root, `forged-${name}`);
    cpSync(join(club.root, 'releases', id), to, { recursive: true });
    const file = join(to, name);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    return to;
  };
  test.each([
    ['manifest.json', (t: string) => t.replace(/"logSize":"\d+"/, '"logSize":"0"'), 'log-proof-other'],
    ['manifest.json', () => '{', 'manifest-malformed'],
    ['roster.txt', (t: string) => t.slice(33), 'roster-other'],
    ['roster.txt', (t: string) => t.slice(0, -5), 'roster-truncated'],
    ['log-proof.json', (t: string) => t.replace(/"index":"\d+"/, '"index":"0"'), 'entry-unknown'],
    ['log-proof.json', () => '{}', 'log-proof-malformed'],
  ])('the %s of the release', async (name, change, code) => {
    const folder = folderWith(name, change);
    await expect(verify(path('narrow'), against(null, folder))).rejects.toMatchObject({ code });
    rmSync(folder, { recursive: true });
  });

  test('its log proof, taken away', async () => {
    const folder = folderWith('manifest.json', (t) => t);
    rmSync(join(folder, 'log-proof.json'));
    await expect(verify(path('narrow'), against(null, folder))).rejects.toMatchObject({
      code: 'log-proof-missing',
    });
  });

  test('its evidence', async () => {
    const evidence = join(club.root, 'forged-evidence');
    cpSync(join(club.root, 'evidence', id), evidence, { recursive: true });
    const given = against();
    for (const name of ['documents/requests/toy-offer.yaml', 'context.json', 'evidence.json']) {
      const file = join(evidence, name);
      const before = readFileSync(file, 'utf8');
      writeFileSync(file, before.replace('dpv:DirectMarketing', 'dpv:CustomerCare').replace(/:"20/, ':"21'));
      if (readFileSync(file, 'utf8') === before) writeFileSync(file, `${before} `);
      const options_ = { ...given, receipt: { ...given.receipt, evidence } };
      await expect(verify(path('narrow'), options_), name).rejects.toMatchObject({
        code: 'evidence-malformed',
      });
      writeFileSync(file, before);
    }
  });

  test('or a receipt of another log', async () => {
    const other = await preferFixture();
    const receipt = await other.say();
    writeFileSync(path('other-log'), JSON.stringify(receipt));
    rmSync(other.root, { recursive: true });
    await expect(verify(path('other-log'), against())).rejects.toMatchObject({
      code: 'receipt-promise-wrong',
    });
  });
});

describe('on the command line', () => {
  test('a receipt checked under the key that lies in the workspace says that nobody gave it', async () => {
    const unchecked = async (...more: readonly string[]): Promise<string> =>
      JSON.stringify(
        JSON.parse((await record(['verify', 'narrow.json', '--json', ...more], club.root)).out).unchecked,
      );
    expect(await unchecked()).toContain('keys/log.pub');
    expect(await unchecked('--log-key', logKey)).not.toContain('keys/log.pub');
  });

  test('an apparent breach ends with 3, and says so in those words', async () => {
    const words = ['verify', 'narrow.json', '--against', id, '--log-key', logKey];
    const found = await record(words, club.root);
    expect([found.status, found.err]).toEqual([3, '']);
    expect(found.out).toContain(`APPARENT BREACH by ${id}`);
    const answered = await record([...words, '--answer', 'consent.json'], club.root);
    expect([answered.status, answered.out.includes('[answered]')]).toEqual([0, true]);
    expect((await record(['verify', 'nobody.json', '--against', id], club.root)).status).toBe(1);
    expect((await record(['verify', 'narrow.json', '--answer', 'consent.json'], club.root)).status).toBe(2);
  });
});
