import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger } from './ledger.ts';
import { ledgers, type TestLedgers, type TestLog } from './ledgers.fixture.ts';
import {
  type PreferenceEvent,
  type Preferences,
  preferencesIn,
  preferencesOf,
  preparePreferences,
  type Who,
} from './preferences.ts';

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

describe.each(ledgers)('preferences on $name', ({ start }) => {
  let all: TestLedgers;
  let log: TestLog;
  let ledger: Ledger;
  let preferences: Preferences;
  beforeAll(async () => {
    all = await start();
  });
  beforeEach(async () => {
    log = await all.log();
    ledger = await log.place.open({ waitMs: 5_000 });
    await preparePreferences(ledger);
    preferences = preferencesIn(ledger);
  });
  afterEach(() => ledger.close());
  afterAll(() => all.drop());

  const add = (event: string, who: Who | null, key: string | null): Promise<bigint> =>
    ledger.commit(async (tx) => {
      const [one] = await tx.append([{ kind: 'preference', at: '2026-01-02T09:00:00Z', event }], null);
      if (!one) throw new RangeError('nothing was appended');
      await preferencesOf(tx).add(eventOf(event), who, key, one.index);
      return one.index;
    });

  test('what was recorded is found again, whole, and in the order of the log', async () => {
    await add('b', whoOf('M1', 'one'), 'k1');
    const index = await add('a', whoOf('M2', 'two'), 'k2');
    expect(await preferences.find('a')).toEqual({
      ...eventOf('a'),
      index,
      key: 'k2',
      who: whoOf('M2', 'two'),
      erased: false,
    });
    expect(await preferences.find('none')).toBeNull();
    expect((await preferences.after('members', -1n, 10)).map(({ event }) => event)).toEqual(['b', 'a']);
    expect((await preferences.after('members', 0n, 10)).map(({ event }) => event)).toEqual(['a']);
    expect(await preferences.after('another', -1n, 10)).toEqual([]);
    expect((await preferences.of('members', ['k2', 'k3'])).map(({ event }) => event)).toEqual(['a']);
  });

  test('an event stands with its log entry or not at all, and its id but once', async () => {
    await add('a', null, 'k');
    await expect(add('a', null, 'k')).rejects.toThrow();
    expect((await ledger.head()).size).toBe(1n);
  });

  test('an event of nobody known by a record is found apart', async () => {
    await add('a', whoOf('M1', 'one'), 'k1');
    await add('b', { ...whoOf('', 'two'), record: null }, null);
    expect((await preferences.withoutRecord('members')).map(({ event }) => event)).toEqual(['b']);
    expect(await preferences.withoutRecord('another')).toEqual([]);
  });

  test('an event of nobody known is whose somebody says it is, and nobody else claims it after that', async () => {
    await add('b', { ...whoOf('', 'two'), record: null }, null);
    await ledger.commit((tx) => preferencesOf(tx).claim('b', 'k1'));
    await ledger.commit((tx) => preferencesOf(tx).claim('b', 'k2'));
    expect((await preferences.of('members', ['k1', 'k2'])).map(({ event, key }) => [event, key])).toEqual([
      ['b', 'k1'],
    ]);
    expect(await preferences.withoutRecord('members')).toEqual([]);
  });

  test('whoever is blanked is known by their key alone, in a file in no byte of the vault, and everybody else is as before', async () => {
    const bytes = (): string =>
      readdirSync(join(log.root, 'vault'))
        .map((name) => readFileSync(join(log.root, 'vault', name)).toString('latin1'))
        .join('');
    const word = (n: number): string => `zq${n.toString(36).padStart(3, '0')}x`;
    const everybody = Array.from({ length: 300 }, (_, n) => n);
    await ledger.commit(async (tx) => {
      for (const n of everybody) {
        const [one] = await tx.append([{ kind: 'preference', at: '2026-01-02T09:00:00Z', n }], null);
        const who = whoOf(`R${word(n)}`, word(n));
        await preferencesOf(tx).add(eventOf(`e${n}`), who, `k${n}`, one?.index ?? -1n);
      }
    });
    const erased = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(299), { minLength: 1, maxLength: 40 }), async (gone) => {
        await ledger.commit(async (tx) => {
          for (const n of gone) await preferencesOf(tx).blank(`e${n}`);
        });
        for (const n of gone) erased.add(n);
        // What the write-ahead log still holds goes when openings are destroyed.
        await ledger.destroyOpenings(gone.map(BigInt));
        const found = log.state === null ? bytes() : null;
        for (const n of found === null ? [] : erased) expect(found).not.toContain(word(n));
        const stored = await preferences.of(
          'members',
          everybody.map((n) => `k${n}`),
        );
        for (const [n, each] of stored.entries()) {
          const whose = erased.has(n) ? null : whoOf(`R${word(n)}`, word(n));
          expect(each).toMatchObject({ who: whose, erased: erased.has(n), key: `k${n}` });
          if (whose !== null && found !== null) expect(found).toContain(word(n));
        }
      }),
      { numRuns: log.state === null ? 6 : 2 },
    );
    const rest = await preferences.after('members', -1n, 1000);
    expect(rest.map(({ key }) => key)).toEqual(everybody.filter((n) => !erased.has(n)).map((n) => `k${n}`));
  }, 30_000);

  test('a batch is known by its id and by the file it was made of', async () => {
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
    await ledger.commit((tx) => preferencesOf(tx).addBatch(batch, 'c1'));
    expect([
      await preferences.batch('pb-1'),
      await preferences.batchOf('d'),
      await preferences.batches('members'),
    ]).toEqual([batch, batch, [batch]]);
    expect([await preferences.batch('pb-2'), await preferences.batches('another')]).toEqual([null, []]);
    const again = ledger.commit((tx) =>
      preferencesOf(tx).addBatch({ ...batch, id: 'pb-2', index: 1n }, 'c1'),
    );
    await expect(again).rejects.toThrow();
  });

  test('what is said since a place in the log is counted, of that source alone, batches and erased events too', async () => {
    const [first, second] = [
      await add('a', whoOf('M1', 'one'), 'k1'),
      await add('b', whoOf('M2', 'two'), 'k2'),
    ];
    const batch = { id: 'pb-1', source: 'members', digest: 'd', salt: 's', rows: 3, root: 'r', logged: 'l' };
    await ledger.commit((tx) => preferencesOf(tx).addBatch({ ...batch, index: second + 1n }, 'c1'));
    await ledger.commit((tx) => preferencesOf(tx).blank('b'));
    const counted: number[] = [];
    for (const size of [first, second, second + 1n, second + 2n])
      counted.push(await preferences.since('members', size));
    expect(counted).toEqual([3, 2, 1, 0]);
    expect(await preferences.since('another', 0n)).toBe(0);
  });

  test('while rows are taken out of a batch its file may be either of two, and before and after but one', async () => {
    const batch = { id: 'pb-1', source: 'members', digest: 'd', salt: 's', rows: 3, root: 'r', logged: 'l' };
    await ledger.commit((tx) => preferencesOf(tx).addBatch({ ...batch, index: 0n }, 'c1'));
    expect(await preferences.batchFiles('d')).toEqual(['c1']);
    await ledger.commit((tx) => preferencesOf(tx).replaceBatchFile('d', 'c1', 'c2'));
    expect(await preferences.batchFiles('d')).toEqual(['c1', 'c2']);
    await ledger.commit((tx) => preferencesOf(tx).batchFileReplaced('d', 'c2'));
    expect(await preferences.batchFiles('d')).toEqual(['c2']);
    expect(await preferences.batchFiles('none')).toEqual([]);
  });

  test('an erasure is open until it is ended, and a later one of the same person is another', async () => {
    await add('e1', null, 'k1');
    expect(await preferences.openErasure('members', 'k1')).toBeNull();
    await ledger.commit((tx) => preferencesOf(tx).beginErasure('e1'));
    expect((await preferences.openErasure('members', 'k1'))?.event).toBe('e1');
    expect(await preferences.openErasure('members', 'k2')).toBeNull();
    expect(await preferences.openErasure('another', 'k1')).toBeNull();
    await ledger.commit((tx) => preferencesOf(tx).endErasure('e1'));
    expect(await preferences.openErasure('members', 'k1')).toBeNull();
    await add('e2', null, 'k1');
    await ledger.commit((tx) => preferencesOf(tx).beginErasure('e2'));
    expect((await preferences.openErasure('members', 'k1'))?.event).toBe('e2');
  });
});
