import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record } from '../../cli/recording.fixture.ts';
import { readLogVerifier } from '../../documents/log-key.ts';
import { checkReceipt } from '../../evidence/receipt.ts';
import { preferencesIn } from '../../store/preferences.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { check } from '../gate/check.ts';
import { entry, nothingSaid, type PreferFixture, preferFixture } from './prefer.fixture.ts';
import { prefer } from './prefer.ts';
import type { PreferenceEntry } from './prefer-check.ts';
import { receiptOf } from './receipt.ts';
import { recordedPreferences } from './recorded.ts';

let club: PreferFixture;
beforeAll(async () => {
  club = await preferFixture();
});
afterAll(() => rmSync(club.root, { recursive: true, force: true }));

const sizeNow = async (): Promise<bigint> => {
  const ledger = await sqliteLedger(club.root).open({ waitMs: 5000 });
  const { size } = await ledger.head();
  await ledger.close();
  return size;
};
const verifier = () => readLogVerifier(club.root);

describe('what somebody says', () => {
  test('is recorded with its log entry, and they get a receipt that holds', async () => {
    const before = await sizeNow();
    const receipt = await club.say({ purpose: 'dpv:DirectMarketing', channel: 'post' });
    expect(await sizeNow()).toBe(before + 1n);
    const checked = checkReceipt(receipt, await verifier(), Date.now());
    expect(checked).toMatchObject({ index: null, said: { type: 'objection', source: 'members' } });
    expect(checked.said.scope).toEqual({
      purpose: 'dpv:DirectMarketing',
      organisation: 'all',
      contactChannel: 'post',
      field: 'all',
    });
    expect(JSON.stringify(receipt)).not.toContain('M002');
  });

  test('is obeyed by the next check', async () => {
    const before = await check(await club.load(), 'toy-offer', { ...club.options, asOf: null });
    await club.say({ person: 'M017' });
    const after = await check(await club.load(), 'toy-offer', { ...club.options, asOf: null });
    expect(after.released).toBe(before.released - 1);
  });

  test('by details alone gets a receipt without a token, and stops whom they fit', async () => {
    const before = await check(await club.load(), 'toy-offer', { ...club.options, asOf: null });
    const details = { ...nothingSaid, email: ' Rosa@People.Example ' };
    const receipt = await club.say({ person: null, details, kind: 'restriction' });
    expect([receipt.token, receipt.content.person]).toEqual([null, null]);
    const { unchecked } = checkReceipt(receipt, await verifier(), Date.now());
    expect(unchecked.join()).toContain('no token');
    expect(JSON.stringify(receipt).toLowerCase()).not.toContain('rosa');
    const after = await check(await club.load(), 'toy-offer', { ...club.options, asOf: null });
    expect(after.released).toBe(before.released - 1);
  });

  test('gets the same receipt again, and its proof once the log is published', async () => {
    const first = await club.say({
      person: 'M018',
      kind: 'withdrawal',
      notice: 'web@1',
      consent: 'toy-offers',
    });
    expect(await club.again(first.content.event)).toEqual(first);
    await club.publish();
    const proven = await club.again(first.content.event);
    expect({ ...proven, logged: null }).toEqual(first);
    expect(checkReceipt(proven, await verifier(), Date.now()).index).not.toBeNull();
    expect(await receiptOf(await club.load(), 'pe-0000000000000000', club.options)).toMatchObject({
      code: 'event-unknown',
    });
  });

  test('in a letter is dated by the letter', async () => {
    const receipt = await club.say({ by: 'letter', signed: '2026-01-02', received: '2026-01-05' });
    expect(receipt.content).toMatchObject({ signed: '2026-01-02', received: '2026-01-05' });
  });

  test('as a lift is of a stop of theirs, recorded here or in the source’s own file', async () => {
    const stop = await club.say({ person: 'M020' });
    const lift = (person: string, lifts: string) => entry({ person, kind: 'lift', lifts });
    const workspace = await club.load();
    expect(await prefer(workspace, lift('M020', stop.content.event), club.options)).toMatchObject({
      kind: 'recorded',
    });
    expect(await prefer(workspace, lift('M005', 'E001'), club.options)).toMatchObject({ kind: 'recorded' });
    for (const [person, event] of [
      ['M002', stop.content.event],
      ['M020', 'E001'],
      ['M020', 'pe-none'],
    ] as const)
      expect(await prefer(workspace, lift(person, event), club.options)).toMatchObject({
        code: 'lifts-unknown',
      });
  });
});

describe('what is not fit to be recorded is refused at the desk, and nothing is recorded', () => {
  const details = { ...nothingSaid, email: 'x@people.example' };
  const consent = { kind: 'consent', notice: 'web@1', consent: 'toy-offers' } as const;
  const cases: readonly (readonly [string, Partial<PreferenceEntry>])[] = [
    ['kind-unknown', { kind: 'stop' }],
    ['received-by-unknown', { by: 'fax' }],
    ['purpose-unknown', { purpose: 'dpv:DirctMarketing' }],
    ['organisation-unknown', { organisation: 'Example Toys Ltd' }],
    ['channel-unknown', { channel: 'fax' }],
    ['field-unknown', { field: 'foreame' }],
    ['notice-unknown', { ...consent, notice: 'web@2' }],
    ['consent-unknown', { ...consent, consent: 'toys' }],
    ['delivery-unknown', { kind: 'presented', notice: 'web@1', delivery: 'maybe' }],
    ['option-missing', { kind: 'consent', notice: 'web@1' }],
    ['option-missing', { kind: 'consent', consent: 'toy-offers' }],
    ['option-missing', { kind: 'presented', notice: 'web@1' }],
    ['option-missing', { kind: 'lift' }],
    ['option-missing', { kind: 'withdrawal', consent: 'toy-offers' }],
    ['option-unfitting', { lifts: 'E001' }],
    ['option-unfitting', { notice: 'web@1' }],
    ['option-unfitting', { kind: 'lift', lifts: 'E001', purpose: 'dpv:Marketing' }],
    ['person-needed', { ...consent, person: null, details }],
    ['details-too-few', { person: null }],
    ['details-too-few', { person: '  ' }],
    ['details-too-few', { person: null, details: { ...nothingSaid, surname: 'Barlow', addressLine: '2 L' } }],
    ['details-too-few', { person: null, details: { ...nothingSaid, phone: 'none', postcode: 'ZZ1 1ZZ' } }],
    ['text-malformed', { person: null, details: { ...nothingSaid, email: 'a@b\nc' } }],
    ['text-malformed', { person: `key:${'0'.repeat(32)}` }],
    ['text-malformed', { person: 'x'.repeat(201) }],
    ['time-malformed', { received: '2026-11-21T10:00:00' }],
    ['time-malformed', { received: '21/11/2026' }],
    ['time-malformed', { received: '2026-02-30' }],
    ['time-malformed', { signed: '0026-02-03', received: '2026-02-04' }],
    ['time-malformed', { signed: '0099-01-01', received: '0099-01-02T10:00:00Z' }],
    ['time-malformed', { received: '1899-12-31' }],
    ['time-malformed', { details: { ...nothingSaid, birthDate: '1.2.1980' } }],
    ['time-missing', { by: 'letter', signed: '2026-01-01' }],
    ['time-missing', { by: 'email', received: '2026-01-01' }],
    ['time-future', { received: '2199-01-01' }],
    ['time-future', { signed: '2199-01-01T00:00:00Z', received: '2026-01-01' }],
    ['time-disorder', { signed: '2026-01-05', received: '2026-01-01' }],
  ];
  test.each(cases)('%s: %j', async (code, change) => {
    const [workspace, before] = [await club.load(), await sizeNow()];
    expect(await prefer(workspace, entry(change), club.options)).toMatchObject({ kind: 'refused', code });
    expect(await sizeNow()).toBe(before);
  });

  test('a record nobody has, or a source', async () => {
    const before = await sizeNow();
    const workspace = await club.load();
    await expect(prefer(workspace, entry({ person: 'M999' }), club.options)).rejects.toMatchObject({
      code: 'record-unknown',
    });
    await expect(prefer(workspace, entry({ source: 'other' }), club.options)).rejects.toMatchObject({
      code: 'source-unknown',
    });
    expect(await sizeNow()).toBe(before);
  });
});

describe('the recorded events of a source', () => {
  test('are a file in the standard columns, in the order of the log, of the same bytes each time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'astold-recorded-'));
    const ledger = await sqliteLedger(club.root).open({ waitMs: 5000 });
    try {
      const { size, files } = await recordedPreferences(ledger, club.root, 'members', join(folder, 'a'));
      await recordedPreferences(ledger, club.root, 'members', join(folder, 'b'));
      expect(size).toBe((await ledger.head()).size);
      const path = files[0]?.path ?? '';
      const text = readFileSync(path, 'utf8');
      expect(readFileSync(path.replace('/a/', '/b/'), 'utf8')).toBe(text);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const events = await preferencesIn(ledger).after('members', -1n, 1000);
      expect(text.trimEnd().split('\n').slice(1)).toHaveLength(events.length);
      expect(events.map(({ index }) => index)).toEqual(events.map(({ index }) => index).toSorted());
      expect((await recordedPreferences(ledger, club.root, 'another', join(folder, 'c'))).files).toEqual([]);
    } finally {
      await ledger.close();
      rmSync(folder, { recursive: true });
    }
  });

  test('are read by an ingest without a word that it does not know', async () => {
    const told = JSON.parse((await record(['ingest', '--json'], club.root)).out);
    expect(told.sources[0].snapshot).toMatchObject({
      preferencesReadable: true,
      preferencesUnknownColumns: [],
    });
  });
});

describe('on the command line', () => {
  const words = ['prefer', '--source', 'members', '--person', 'M002', '--kind', 'objection', '--by', 'web'];
  test('the receipt goes to a file of the person’s own, and is not printed', async () => {
    const done = await record([...words, '--out', 'mine.json'], club.root);
    expect([done.status, done.err]).toEqual([0, '']);
    const path = join(club.root, 'mine.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const receipt = JSON.parse(readFileSync(path, 'utf8'));
    expect(done.out).not.toContain(receipt.token);
    const before = await sizeNow();
    expect((await record([...words, '--out', 'mine.json'], club.root)).err).toContain('[out-exists]');
    expect(await sizeNow()).toBe(before);
    const verified = await record(['verify', 'mine.json'], club.root);
    expect([verified.status, verified.out.includes('not checked')]).toEqual([0, true]);
    await club.publish();
    const again = await record(['receipt', receipt.content.event, '--json'], club.root);
    writeFileSync(path, again.out);
    const whole = await record(['verify', 'mine.json', '--token', receipt.token], club.root);
    expect([whole.status, whole.out.includes('not checked  that')]).toEqual([0, false]);
    const other = `${'0'.repeat(32)}`;
    expect((await record(['verify', 'mine.json', '--token', other], club.root)).err).toContain(
      '[receipt-other-person]',
    );
  });

  test('as text it says plainly what was said, and carries what it takes to check it', async () => {
    const { out } = await record([...words, '--purpose', 'dpv:DirectMarketing'], club.root);
    expect(out).toMatch(/^RECEIPT of Example Club\n\nYou objected\./);
    expect(out).toContain('direct marketing, every organisation');
    expect(out).toMatch(/entry {2}[0-9a-f]{64}\n {2}token {2}[0-9a-f]{32}-[0-9a-f]{4}\n/);
    expect(out).toContain('\u2588');
  });

  test('a refusal is one line, and leaves no file', async () => {
    const done = await record([...words, '--channel', 'psot', '--out', 'none.json'], club.root);
    expect([done.status, done.out]).toEqual([2, '']);
    expect(done.err).toMatch(/^error: [^\n]*did you mean "post"\?[^\n]*\[channel-unknown\]\n$/);
    expect(existsSync(join(club.root, 'none.json'))).toBe(false);
  });

  test.each([
    [['prefer', '--source', 'members'], 2],
    [['receipt'], 2],
    [['receipt', 'pe-1', '--batch', 'x', '--row', '1'], 2],
    [['receipt', '--batch', 'x'], 2],
    [['receipt', '--batch', 'pb-0', '--row', '1'], 2],
    [['prefer', '--source', 'members', '--import', 'x.csv', '--kind', 'consent'], 2],
  ])('astold %j ends with %i', async (given, status) => {
    expect((await record(given, club.root)).status).toBe(status);
  });
});

test('a reconstruction records at its fixed clock, and its receipts carry its mark', async () => {
  const past = await preferFixture();
  const config = join(past.root, 'astold.yaml');
  const clock = '2026-06-01T09:00:00.000Z';
  writeFileSync(
    config,
    readFileSync(config, 'utf8')
      .replace('kind: live', 'kind: reconstruction')
      .replace('clock: null', `clock: ${clock}`),
  );
  const { content } = await past.say();
  expect(content).toMatchObject({ mark: 'reconstruction', at: clock, received: clock });
  rmSync(past.root, { recursive: true });
});
