import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record } from '../cli/recording.fixture.ts';
import type { Receipt } from '../evidence/receipt.ts';
import { openLedger } from '../store/ledger.ts';
import { options, type PreferFixture, preferFixture } from './prefer.fixture.ts';
import { release } from './release.ts';
import { verify } from './verify.ts';

let club: PreferFixture;
let id = '';
let logKey = '';
const receipts = new Map<string, Receipt>();

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const consent = { kind: 'consent', notice: 'web@1', consent: 'toy-offers' } as const;
const marketing = { purpose: 'dpv:DirectMarketing', channel: 'post' } as const;

/** A release around the gate: the event is out of the table that an ingest reads, and its log entry stands. */
async function hide(receipt: Receipt): Promise<void> {
  const ledger = await openLedger(club.root, { waitMs: 5000 });
  ledger.commit((tx) => tx.run('DELETE FROM preference WHERE event = ?', receipt.content.event));
  ledger.close();
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
  for (const receipt of Object.values(said)) await hide(receipt);
  await wait(5);
  const done = await release(await club.load(), 'toy-offer', { ...options, asOf: null });
  if (done.kind !== 'released') throw new RangeError(JSON.stringify(done).slice(0, 300));
  id = done.release;
  await wait(5);
  const late = await club.say(marketing);
  const answered = await club.say({ ...consent, ...marketing });
  await club.publish();
  await keep('late', late);
  await keep('late-consent', answered);
}, 60_000);
afterAll(() => rmSync(club.root, { recursive: true, force: true }));
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
    for (const name of ['documents.json', 'context.json', 'evidence.json']) {
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
