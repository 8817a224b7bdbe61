import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogKey } from '../documents/log-key.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { openPreferences, type PreferenceEvent, type Preferences, type Who } from './preferences.ts';

let root: string;
let ledger: Ledger;
let preferences: Preferences;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'astold-preferences-'));
  await createLogKey(root, 'astold.example/club');
  ledger = await openLedger(root, { waitMs: 0 });
  preferences = openPreferences(ledger);
});
afterEach(() => {
  ledger.close();
  rmSync(root, { recursive: true, force: true });
});

const eventOf = (event: string): PreferenceEvent => ({
  event,
  source: 'members',
  type: 'objection',
  scope: { purpose: 'dpv:DirectMarketing', organisation: 'all', contactChannel: 'post', field: 'all' },
  notice: null,
  consent: null,
  lifts: null,
  delivery: null,
  signed: '2026-01-01',
  received: '2026-01-02',
  logged: '2026-01-02T09:00:00.000Z',
  receivedBy: 'letter',
});
const whoOf = (record: string, more: string): Who => ({
  record,
  details: {
    email: `${more}@people.example`,
    phone: null,
    surname: more.repeat(3),
    addressLine: '1 "Mill" Lane, Žďár',
    postcode: null,
    birthDate: null,
  },
});

function add(event: string, who: Who | null, key: string | null): bigint {
  return ledger.commit((tx) => {
    const [one] = tx.append([{ kind: 'preference', at: '2026-01-02T09:00:00Z', event }], null);
    if (!one) throw new RangeError('nothing was appended');
    preferences.add(tx, eventOf(event), who, key, one.index);
    return one.index;
  });
}

test('what was recorded is found again, whole, and in the order of the log', () => {
  add('b', whoOf('M1', 'one'), 'k1');
  const index = add('a', whoOf('M2', 'two'), 'k2');
  expect(preferences.find('a')).toEqual({
    ...eventOf('a'),
    index,
    key: 'k2',
    who: whoOf('M2', 'two'),
    erased: false,
  });
  expect(preferences.find('none')).toBeNull();
  expect(preferences.after('members', -1n, 10).map(({ event }) => event)).toEqual(['b', 'a']);
  expect(preferences.after('members', 0n, 10).map(({ event }) => event)).toEqual(['a']);
  expect(preferences.after('another', -1n, 10)).toEqual([]);
  expect(preferences.of('members', ['k2', 'k3']).map(({ event }) => event)).toEqual(['a']);
});

test('an event stands with its log entry or not at all, and its id but once', () => {
  add('a', null, 'k');
  expect(() => add('a', null, 'k')).toThrow();
  expect(ledger.size()).toBe(1n);
});

test('an event of nobody known by a record is found apart', () => {
  add('a', whoOf('M1', 'one'), 'k1');
  add('b', { ...whoOf('', 'two'), record: null }, null);
  expect(preferences.withoutRecord('members').map(({ event }) => event)).toEqual(['b']);
  expect(preferences.withoutRecord('another')).toEqual([]);
});

test('whoever is blanked is in no byte of the vault any more, and everybody else is', () => {
  const bytes = (): string =>
    readdirSync(join(root, 'vault'))
      .map((name) => readFileSync(join(root, 'vault', name)).toString('latin1'))
      .join('');
  const word = (n: number): string => `zq${n.toString(36).padStart(3, '0')}x`;
  for (let n = 0; n < 300; n++) add(`e${n}`, whoOf(`R${word(n)}`, word(n)), `k${n}`);
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(299), { minLength: 1, maxLength: 40 }), (gone) => {
      ledger.commit((tx) => {
        for (const n of gone) preferences.blank(tx, `e${n}`);
      });
      // What the write-ahead log still holds goes when openings are destroyed.
      ledger.destroyOpenings(gone.map(BigInt));
      const found = bytes();
      for (const n of gone) expect(found).not.toContain(word(n));
      for (let n = 0; n < 300; n++) {
        const stored = preferences.find(`e${n}`);
        if (gone.includes(n)) expect(stored).toMatchObject({ who: null, erased: true, key: `k${n}` });
        if (stored?.erased === false) expect(found).toContain(word(n));
      }
    }),
    { numRuns: 6 },
  );
  expect(preferences.after('members', -1n, 1000).every(({ erased }) => !erased)).toBe(true);
});

test('a batch is known by its id and by the file it was made of', () => {
  const batch = {
    id: 'pb-1',
    source: 'members',
    digest: 'd',
    salt: 's',
    rows: 3,
    root: 'r',
    logged: '2026-01-02T09:00:00.000Z',
    index: 0n,
  };
  ledger.commit((tx) => preferences.addBatch(tx, batch, 'c1'));
  expect([preferences.batch('pb-1'), preferences.batchOf('d'), preferences.batches('members')]).toEqual([
    batch,
    batch,
    [batch],
  ]);
  expect([preferences.batch('pb-2'), preferences.batches('another')]).toEqual([null, []]);
  expect(() =>
    ledger.commit((tx) => preferences.addBatch(tx, { ...batch, id: 'pb-2', index: 1n }, 'c1')),
  ).toThrow();
});

test('what is said since a place in the log is counted, of that source alone, batches and erased events too', () => {
  const [first, second] = [add('a', whoOf('M1', 'one'), 'k1'), add('b', whoOf('M2', 'two'), 'k2')];
  const batch = { id: 'pb-1', source: 'members', digest: 'd', salt: 's', rows: 3, root: 'r', logged: 'l' };
  ledger.commit((tx) => preferences.addBatch(tx, { ...batch, index: second + 1n }, 'c1'));
  ledger.commit((tx) => preferences.blank(tx, 'b'));
  const counted = [first, second, second + 1n, second + 2n].map((size) => preferences.since('members', size));
  expect(counted).toEqual([3, 2, 1, 0]);
  expect(preferences.since('another', 0n)).toBe(0);
});

test('while rows are taken out of a batch its file may be either of two, and before and after but one', () => {
  const batch = { id: 'pb-1', source: 'members', digest: 'd', salt: 's', rows: 3, root: 'r', logged: 'l' };
  ledger.commit((tx) => preferences.addBatch(tx, { ...batch, index: 0n }, 'c1'));
  expect(preferences.batchFiles('d')).toEqual(['c1']);
  ledger.commit((tx) => preferences.replaceBatchFile(tx, 'd', 'c1', 'c2'));
  expect(preferences.batchFiles('d')).toEqual(['c1', 'c2']);
  ledger.commit((tx) => preferences.batchFileReplaced(tx, 'd', 'c2'));
  expect(preferences.batchFiles('d')).toEqual(['c2']);
  expect(preferences.batchFiles('none')).toEqual([]);
});

test('an erasure is open until it is ended, and a later one of the same person is another', () => {
  add('e1', null, 'k1');
  expect(preferences.openErasure('members', 'k1')).toBeNull();
  ledger.commit((tx) => preferences.beginErasure(tx, 'e1'));
  expect(preferences.openErasure('members', 'k1')?.event).toBe('e1');
  expect(preferences.openErasure('members', 'k2')).toBeNull();
  expect(preferences.openErasure('another', 'k1')).toBeNull();
  ledger.commit((tx) => preferences.endErasure(tx, 'e1'));
  expect(preferences.openErasure('members', 'k1')).toBeNull();
  add('e2', null, 'k1');
  ledger.commit((tx) => preferences.beginErasure(tx, 'e2'));
  expect(preferences.openErasure('members', 'k1')?.event).toBe('e2');
});
