/** A stop whose row is gone, or says something else than was logged, is found; on every ledger. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LogContent } from '../log/entry.ts';
import { keyedHash } from '../roster/token.ts';
import type { Ledger, LedgerTx } from './ledger.ts';
import { ledgers, type TestLedgers } from './ledgers.fixture.ts';
import { type PreferenceEvent, preferencesOf, preparePreferences, type Who } from './preferences.ts';
import { requireAsLogged } from './preferences-logged.ts';

const eventOf = (event: string, notice: string | null): PreferenceEvent => ({
  event,
  source: 'members',
  type: 'objection',
  scope: { purpose: 'dpv:DirectMarketing', organisation: 'all', contactChannel: 'post', field: 'all' },
  notice,
  consent: null,
  lifts: null,
  delivery: 'by hand, with a "quote" and Žďár',
  signed: '2026-01-01',
  received: '2026-01-02',
  logged: '2026-01-02T09:00:00.000Z',
  receivedBy: 'letter',
});
const nobody: Who = {
  record: null,
  details: { email: null, phone: null, surname: 'Ash', addressLine: null, postcode: null, birthDate: null },
};

async function say(tx: LedgerTx, event: PreferenceEvent, key: string | null): Promise<bigint> {
  const { event: id, logged, ...said } = event;
  const content = { kind: 'preference', at: logged, event: id, ...said } as unknown as LogContent;
  const [one] = await tx.append([content], null);
  if (one === undefined) throw new RangeError('nothing was appended');
  await preferencesOf(tx).add(event, nobody, key, one.index);
  return one.index;
}

async function addBatch(tx: LedgerTx): Promise<void> {
  const batch = { id: 'pb-1', source: 'members', digest: 'd', salt: 'ab'.repeat(16), rows: 3, root: 'r' };
  const at = '2026-01-02T09:00:00.000Z';
  const { id, digest, salt, ...rest } = batch;
  const content = {
    kind: 'preference-batch',
    at,
    batch: id,
    file: keyedHash(salt, digest),
    ...rest,
  } as const;
  const [one] = await tx.append([content], null);
  await preferencesOf(tx).addBatch({ ...batch, logged: at, index: one?.index ?? -1n }, 'c1');
}

const damages: readonly (readonly [string, string])[] = [
  ['all the events are gone', 'DELETE FROM preference'],
  ['one event is gone', 'DELETE FROM preference WHERE idx = 0'],
  ['events are taken for erased', 'UPDATE preference SET erased = 1'],
  ['events are of another source', "UPDATE preference SET source = 'x'"],
  ['a stop is no stop', "UPDATE preference SET type = 'presented' WHERE idx = 0"],
  ['a stop is of less', "UPDATE preference SET purpose = 'dpv:PublicRelations' WHERE idx = 0"],
  ['a notice is said that was not', "UPDATE preference SET notice = 'null' WHERE idx = 0"],
  ['a notice is said no more', 'UPDATE preference SET notice = NULL WHERE idx = 1'],
  ['an event is of another entry', 'UPDATE preference SET idx = 999 WHERE idx = 0'],
  ['the batch is of another source', "UPDATE preference_batch SET source = 'x'"],
  ['the batch is of another file', "UPDATE preference_batch SET salt = 'ba'"],
  ['the batch is of an event', 'UPDATE preference_batch SET idx = 0'],
  ['an opening is gone', 'DELETE FROM opening WHERE idx = 3'],
  ['an opening is of another entry', 'UPDATE opening SET salt = (SELECT salt FROM opening WHERE idx = 1)'],
  ['an opening was destroyed, and nobody erased', 'UPDATE opening SET destroyed = 1 WHERE idx = 0'],
  ['the last entry is gone', 'DELETE FROM entry WHERE idx = 3'],
];

describe.each(ledgers)('what was logged, on $name,', ({ start }) => {
  let all: TestLedgers;
  let ledger: Ledger;
  beforeAll(async () => {
    all = await start();
    await all.letDamage();
  });
  beforeEach(async () => {
    ledger = await (await all.log()).place.open({ waitMs: 5_000 });
    await preparePreferences(ledger);
    await ledger.commit(async (tx) => {
      await say(tx, eventOf('a', null), 'k1');
      await say(tx, eventOf('b', 'n@1'), 'k2');
      await addBatch(tx);
      await tx.append([{ kind: 'freeze', at: '2026-01-02T09:00:00Z' }], null);
    });
  });
  afterEach(() => ledger.close());
  afterAll(() => all.drop());

  const damaged = (damage: string): Promise<string> =>
    ledger
      .commit(async (tx) => {
        await tx.run(damage);
        await requireAsLogged(tx);
        return 'whole';
      })
      .catch((error) => String(error.code));

  test('is whole', async () => {
    await ledger.read(requireAsLogged);
  });

  test.each(damages)('is not where %s', async (_, damage) => {
    expect(await damaged(damage)).toBe('ledger-damaged');
  });

  test('is whole while somebody is being erased, and after; and not where that was never begun', async () => {
    await ledger.commit(async (tx) => {
      const preferences = preferencesOf(tx);
      await say(tx, { ...eventOf('gone', null), type: 'erasure' }, 'k1');
      await preferences.beginErasure('gone');
      await preferences.blank('a');
    });
    await ledger.read(requireAsLogged);
    expect(await damaged('UPDATE preference_erasure SET ended = 1')).toBe('ledger-damaged');
    await ledger.commit((tx) => preferencesOf(tx).blank('gone'));
    await ledger.destroyOpenings([0n, 4n]);
    await ledger.commit((tx) => preferencesOf(tx).endErasure('gone'));
    await ledger.read(requireAsLogged);
  });
});
