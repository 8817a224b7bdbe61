import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record } from '../../cli/recording.fixture.ts';
import { readLogVerifier } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { checkReceipt, type Receipt } from '../../evidence/receipt.ts';
import type { Ledger } from '../../store/ledger.ts';
import { preferencesIn, preferencesOf } from '../../store/preferences.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { check } from '../gate/check.ts';
import { ingest } from '../gate/ingest.ts';
import { release } from '../gate/release.ts';
import { rotateKey } from '../workspace/rotate-key.ts';
import { batchReceiptOf } from './batch-receipt.ts';
import { type Erased, type EraseInput, leftToDo, erase as toErase } from './erase.ts';
import { nothingSaid, type PreferFixture, preferFixture } from './prefer.fixture.ts';
import { importPreferences } from './prefer-batch.ts';
import { receiptOf } from './receipt.ts';

const erase = (workspace: Workspace, person: EraseInput, given: typeof club.options): Promise<Erased> =>
  toErase(workspace, person, given, async () => {});

let club: PreferFixture;
let aside = '';
let first: Receipt;
let batch = '';
let erased: Extract<Erased, { kind: 'erased' }>;
let releasedBefore = 0;
const input = { source: 'members', person: 'M002', by: 'letter', received: '2026-11-01' } as const;
/** What they came with, none of which stands in the source's own file. */
const details = {
  ...nothingSaid,
  email: 'barlow-private@people.example',
  phone: '07700 900999',
  surname: 'Barlowe-Unusual',
};

beforeAll(async () => {
  club = await preferFixture();
  aside = mkdtempSync(join(tmpdir(), 'astold-erase-'));
  const done = await release(await club.load(), 'toy-offer', { ...club.options, asOf: null });
  if (done.kind !== 'released') throw new RangeError('nothing was released');
  releasedBefore = done.outcome.released;
  first = await club.say({ details, channel: 'email' });
  await club.say({ person: 'M010', channel: 'email' });
  const file = join(aside, 'a.csv');
  const lines = [
    'event,record,kind,received,email',
    'x1,M002,objection,2026-01-01,barlow-imported@people.example',
    'x2,M015,objection,2026-01-01,',
    'x3,,objection,2026-01-01,nobody-known@people.example',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const imported = await importPreferences(await club.load(), 'members', file, club.options);
  if (imported.kind === 'refused') throw new RangeError(imported.message);
  batch = imported.batch.id;
  await club.publish();
  const gone = await erase(await club.load(), input, club.options);
  if (gone.kind === 'refused') throw new RangeError(gone.message);
  erased = gone;
}, 60_000);
afterAll(() => {
  for (const each of [club.root, aside]) rmSync(each, { recursive: true, force: true });
});

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((each) => {
    const path = join(folder, each.name);
    return each.isDirectory() ? filesOf(path) : [path];
  });
}

describe('a person who is erased', () => {
  test('gets a last receipt, with the token that nobody can make again', async () => {
    const { receipt } = erased;
    expect(receipt?.token).toBe(first.token);
    expect(receipt?.content).toMatchObject({ type: 'erasure', received: '2026-11-01', receivedBy: 'letter' });
    const log = await readLogVerifier(club.root);
    expect(checkReceipt(receipt, log, Date.now()).checked).toHaveLength(2);
    expect(checkReceipt(first, log, Date.now()).checked).toHaveLength(2);
  });

  test('leaves neither id, token nor details in any file but the source’s own and the lists released', () => {
    rmSync(join(club.root, '.astold/snapshots'), { recursive: true });
    const [token = ''] = (first.token ?? '').split('-');
    const sought = ['M002', token, first.salt, ...Object.values(details), 'barlow-imported'].flatMap(
      (text) => (text === null ? [] : [text.toLowerCase()]),
    );
    const bytes = (path: string): string => readFileSync(path).toString('latin1').toLowerCase();
    const holding = filesOf(club.root).filter((path) => sought.some((text) => bytes(path).includes(text)));
    expect(holding.map((path) => relative(club.root, path))).toEqual(['data/members.csv']);
    // What is looked for would be found: of somebody else it is there.
    const ledger = join(club.root, 'vault/ledger.sqlite');
    expect(bytes(ledger)).toContain('"m010"');
    expect(bytes(ledger)).not.toContain('"m002"');
  });

  test('is stopped as before, and the others are as they were', async () => {
    const outcome = await check(await club.load(), 'toy-offer', { ...club.options, asOf: null });
    // M002 by the erasure, M015 by the batch; what M010 stopped is contact by e-mail.
    expect(outcome.released).toBe(releasedBefore - 2);
  });

  test('is stopped after the organisation has changed its key, too', async () => {
    const before = await check(await club.load(), 'toy-offer', { ...club.options, asOf: null });
    await rotateKey(club.root);
    const after = await check(await club.load(), 'toy-offer', { ...club.options, asOf: null });
    expect(after.released).toBe(before.released);
  });

  test('has events that nobody can open again', async () => {
    const workspace = await club.load();
    expect(await receiptOf(workspace, first.content.event, club.options)).toMatchObject({ kind: 'place' });
    expect(await batchReceiptOf(workspace, batch, 1, club.options)).toMatchObject({ code: 'row-erased' });
    expect(await batchReceiptOf(workspace, batch, 2, club.options)).toMatchObject({ kind: 'receipt' });
    const ledger = await sqliteLedger(club.root).open({ waitMs: 5000 });
    const stored = await preferencesIn(ledger).find(first.content.event);
    expect(stored).toMatchObject({ erased: true, who: null });
    expect(await ledger.opening(stored?.index ?? 0n)).toBe('destroyed');
    await ledger.close();
  });

  test('is told of what the program cannot do', async () => {
    expect(erased).toMatchObject({ events: 1, batchRows: 1, nameless: 1 });
    expect(erased.releases).toHaveLength(1);
    const left = leftToDo(await club.load(), 'members', erased).join('\n');
    const said = ['data/members.csv', '.astold/snapshots', `releases/${erased.releases[0]}`];
    // Their stop is found by the id as it was written; and somebody must look at what names nobody.
    for (const what of [...said, 'leading zeros', '1 event of "members"']) expect(left).toContain(what);
  });
});

async function inLedger<T>(root: string, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await sqliteLedger(root).open({ waitMs: 5000 });
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}
const entriesOf = (root: string): Promise<bigint> =>
  inLedger(root, async (ledger) => (await ledger.head()).size);

describe('an erasure', () => {
  test('of somebody nobody knows, or who is gone already, is refused', async () => {
    const workspace = await club.load();
    expect(await erase(workspace, { ...input, person: 'M999' }, club.options)).toMatchObject({
      code: 'record-unknown',
    });
    for (const received of ['last week', '0026-02-03'])
      expect(await erase(workspace, { ...input, received }, club.options)).toMatchObject({
        code: 'time-malformed',
      });
    expect(await erase(workspace, { ...input, received: '2199-01-01' }, club.options)).toMatchObject({
      code: 'time-future',
    });
    rmSync(join(club.root, 'data/members.csv.copy'), { force: true });
    const members = join(club.root, 'data/members.csv');
    const rows = readFileSync(members, 'utf8').split('\n');
    writeFileSync(members, rows.filter((row) => !row.startsWith('M002,')).join('\n'));
    expect(await erase(await club.load(), input, club.options)).toMatchObject({ code: 'already-erased' });
  });

  test('that was cut short is finished by the next', async () => {
    const mine = await club.say({ person: 'M018', details });
    const ledger = await sqliteLedger(club.root).open({ waitMs: 5000 });
    // As a run leaves it that was killed after its first step.
    await ledger.commit((tx) => preferencesOf(tx).blank(mine.content.event));
    await ledger.close();
    const done = await erase(await club.load(), { ...input, person: 'M018' }, club.options);
    expect(done).toMatchObject({ kind: 'erased', events: 0 });
    const again = await sqliteLedger(club.root).open({ waitMs: 5000 });
    const { index } = (await preferencesIn(again).find(mine.content.event)) ?? { index: -1n };
    expect(await again.opening(index)).toBe('destroyed');
    await again.close();
  });

  test('destroys nothing before the person has the receipt, and is taken up by the next run as the one it was', async () => {
    const person = { ...input, person: 'M019' };
    await club.say({ person: 'M019', details });
    const before = await entriesOf(club.root);
    let first: Receipt | null = null;
    const cut = toErase(await club.load(), person, club.options, async (receipt) => {
      first = receipt;
      throw new RangeError('killed');
    });
    await expect(cut).rejects.toThrow('killed');
    // Nothing of what it takes to make the receipt is gone.
    expect((await club.say({ person: 'M019' })).token).toBe((first as Receipt | null)?.token);
    const given: Receipt[] = [];
    const workspace = await club.load();
    const done = await toErase(workspace, person, club.options, async (receipt) => void given.push(receipt));
    expect(done).toMatchObject({ kind: 'erased', events: 2, receipt: first });
    expect(given).toEqual([first]);
    expect((await entriesOf(club.root)) - before).toBe(2n);
    expect(checkReceipt(first, await readLogVerifier(club.root), Date.now()).index).toBeNull();
  });

  test('cut short before the secrets are destroyed is recorded once, and the next run destroys them', async () => {
    const person = { ...input, person: 'M020' };
    await club.say({ person: 'M020' });
    const secrets = join(club.root, 'vault/sources/members/secrets.parquet');
    const whole = readFileSync(secrets);
    const cut = toErase(await club.load(), person, club.options, async () => {
      writeFileSync(secrets, whole.subarray(0, 100));
    });
    await expect(cut).rejects.toMatchObject({ code: 'secrets-broken' });
    writeFileSync(secrets, whole);
    const before = await entriesOf(club.root);
    const given: Receipt[] = [];
    const workspace = await club.load();
    const done = await toErase(workspace, person, club.options, async (receipt) => void given.push(receipt));
    expect([done, given, await entriesOf(club.root)]).toMatchObject([{ receipt: null }, [], before]);
    await expect(club.say({ person: 'M020' })).rejects.toMatchObject({ code: 'secrets-destroyed' });
  });

  test('of somebody who came back after another is an erasure of its own', async () => {
    const person = { ...input, person: 'M017' };
    const first = await erase(await club.load(), person, club.options);
    await ingest(await club.load(), 'members', club.options);
    const second = await erase(await club.load(), person, club.options);
    if (first.kind === 'refused' || second.kind === 'refused') throw new RangeError('refused');
    expect(second.receipt?.content.event).not.toBe(first.receipt?.content.event);
    expect(second.receipt?.token).not.toBe(first.receipt?.token);
  });

  test('cut short while rows were taken out of a file leaves one that is read, and the next settles it', async () => {
    const digest = await inLedger(club.root, async (ledger) => {
      const { digest = '' } = (await preferencesIn(ledger).batch(batch)) ?? {};
      const [now = ''] = await preferencesIn(ledger).batchFiles(digest);
      await ledger.commit((tx) => preferencesOf(tx).replaceBatchFile(digest, now, 'ab'.repeat(32)));
      return digest;
    });
    await check(await club.load(), 'toy-offer', { ...club.options, asOf: null });
    expect(await erase(await club.load(), { ...input, person: 'M015' }, club.options)).toMatchObject({
      batchRows: 1,
    });
    await check(await club.load(), 'toy-offer', { ...club.options, asOf: null });
    expect(await inLedger(club.root, (ledger) => preferencesIn(ledger).batchFiles(digest))).toHaveLength(1);
  });

  test('on the command line says what is still to be done, and the receipt goes to its file', async () => {
    const words = ['erase', '--source', 'members', '--person', 'M010', '--by', 'web', '--out'];
    const done = await record([...words, join(aside, 'last.json')], club.root);
    expect([done.status, done.err]).toEqual([0, '']);
    expect(done.out).toContain('still to do');
    const receipt: Receipt = JSON.parse(readFileSync(join(aside, 'last.json'), 'utf8'));
    expect(done.out).not.toContain(receipt.token);
    const none = await record([...words, join(aside, 'none.json')].with(4, 'M999'), club.root);
    expect([none.status, existsSync(join(aside, 'none.json'))]).toEqual([2, false]);
  });
});
