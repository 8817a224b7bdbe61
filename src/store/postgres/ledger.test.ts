/** What a ledger in the service's database promises besides what every ledger does: many servers, many organisations. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readLogVerifier } from '../../documents/log-key.ts';
import { leafHash, rootOf } from '../../log/merkle.ts';
import type { Ledger, LedgerPlace } from '../ledger.ts';
import {
  content,
  contents,
  ledgers,
  publish,
  refusal,
  type TestLedgers,
  type TestLog,
} from '../ledgers.fixture.ts';
import { readLog } from '../published-log.ts';
import { appendEntries } from './append.ts';
import { postgresLedger } from './ledger.ts';
import { transactionOf } from './transaction-of.ts';

const onDatabases = ledgers.filter(({ name }) => name !== 'SQLite');
describe.each(onDatabases)('a ledger on $name', ({ start }) => {
  let all: TestLedgers;
  let log: TestLog;
  const open = (place: LedgerPlace = log.place): Promise<Ledger> => place.open({ waitMs: 5_000 });
  beforeAll(async () => {
    all = await start();
  });
  beforeEach(async () => {
    log = await all.log();
  });
  afterAll(() => all.drop());

  const stateOf = () => log.state as NonNullable<TestLog['state']>;

  test('is one tree, though all append at once', async () => {
    const [one, two] = [await open(), await open(log.elsewhere as LedgerPlace)];
    const each = (ledger: Ledger, n: number) =>
      n % 3 === 0
        ? ledger.commit((tx) => tx.append(contents(n, 2), null))
        : ledger.append(contents(n, 1 + (n % 4)));
    const appended = await Promise.all(
      Array.from({ length: 120 }, (_, n) => each(n % 2 === 0 ? one : two, n)),
    );
    const sorted = appended.flat().toSorted((a, b) => Number(a.index - b.index));
    expect(sorted.map(({ index }) => index)).toEqual(sorted.map((_, i) => BigInt(i)));
    const head = { size: BigInt(sorted.length), root: rootOf(sorted.map(({ entry }) => leafHash(entry))) };
    expect([await one.head(), await two.head()]).toEqual([head, head]);
    await publish(two);
    const published = await readLog(join(log.root, 'log'), await readLogVerifier(log.root));
    expect((await published.checkAll()).entries).toBe(head.size);
  });

  test('tells nobody an instant before one that it told already, whatever their clocks say', async () => {
    const ledger = await open();
    const ahead = Date.now() + 60_000;
    const clock = vi.spyOn(Date, 'now').mockReturnValue(ahead);
    try {
      expect(await ledger.commit(async (tx) => tx.now())).toBe(ahead);
    } finally {
      clock.mockRestore();
    }
    const other = await open(log.elsewhere as LedgerPlace);
    expect(await other.commit(async (tx) => tx.now())).toBe(ahead);
    expect(await other.freeze(async (_, at) => at)).toBe(ahead);
  });

  test('shows an organisation nothing of another', async () => {
    const other = await all.log();
    const [mine, theirs] = [await open(), await open(other.place)];
    await theirs.append(contents(0, 5));
    await mine.append(contents(0, 2));
    expect(await mine.all('SELECT idx FROM entry ORDER BY idx')).toEqual([{ idx: 0n }, { idx: 1n }]);
    expect(await mine.all('SELECT idx FROM opening WHERE idx = ?', 4n)).toEqual([]);
    expect([await mine.entry(4n), await mine.opening(4n)]).toEqual([null, null]);
    expect(await mine.all('SELECT org FROM log_head')).toEqual([{ org: log.org }]);
    expect(await mine.read((view) => view.all('SELECT org FROM log_head'))).toEqual([{ org: log.org }]);
    expect(await refusal(mine.destroyOpenings([4n]))).toBe('opening-unknown');
    const stolen = mine.commit((tx) =>
      tx.run('INSERT INTO entry (org, idx, hash) VALUES (?, ?, ?)', other.org, 5n, Buffer.alloc(32)),
    );
    await expect(stolen).rejects.toThrow(/row-level security/);
    expect(await theirs.opening(4n)).toMatchObject({ content: content(4) });
  });

  test('commits state and entries together, or neither', async () => {
    const ledger = await open();
    const end = (agreement: string, then: () => void) =>
      ledger.commit(async (tx) => {
        const values = {
          org: log.org,
          agreement,
          ended_by: 'officer',
          ended_at: new Date(),
          words: 'over',
        };
        await transactionOf(tx).insertInto('agreement_end').values(values).execute();
        await tx.append([content(1)], null);
        then();
      });
    await end('one', () => {});
    await expect(
      end('two', () => {
        throw new RangeError('no');
      }),
    ).rejects.toThrow('no');
    const ended = await stateOf().as(log.org, (tx) =>
      tx.selectFrom('agreement_end').select('agreement').execute(),
    );
    expect([ended, (await ledger.head()).size]).toEqual([[{ agreement: 'one' }], 1n]);
  });

  test('is appended to in a transaction of the state, which is refused where the log may not go on', async () => {
    const here = { org: log.org, root: log.root };
    const append = (count: number) =>
      stateOf().as(log.org, (tx) => appendEntries(tx, here, contents(0, count), null));
    expect(await refusal(append(1))).toBe('ledger-missing');
    const ledger = await open();
    const appended = await append(300);
    expect(await ledger.head()).toEqual({
      size: 300n,
      root: rootOf(appended.map(({ entry }) => leafHash(entry))),
    });
    await publish(ledger);
    const restore = await log.backup();
    expect((await append(2)).map(({ index }) => index)).toEqual([300n, 301n]);
    await publish(ledger);
    expect(await refusal(append(1))).toBeNull();
    // An old copy of the database, met by a server that is running.
    await restore();
    expect(await refusal(append(1))).toBe('ledger-behind');
    await expect(append(1)).rejects.toThrow('astold restore');
    for (const work of [
      () => ledger.append(contents(0, 1)),
      () => ledger.commit(async () => null),
      () => ledger.freeze(async () => null),
      () => publish(ledger),
      () => open(),
    ])
      expect(await refusal(work())).toBe('ledger-behind');
  });

  test('waits for whoever has it no longer than it is told', async () => {
    if (stateOf().kind === 'pglite') return;
    const [one, two] = [await open(), await (log.elsewhere as LedgerPlace).open({ waitMs: 0 })];
    const held = Promise.withResolvers<void>();
    const holding = one.commit(() => held.promise);
    await pause(100);
    expect(await refusal(two.commit(async () => null))).toBe('ledger-held');
    held.resolve();
    await holding;
    const publishing = Promise.withResolvers<void>();
    const alone = one.alone(() => publishing.promise);
    await pause(100);
    expect(await refusal(two.alone(async () => null))).toBe('ledger-held');
    // Whoever publishes keeps nobody from appending.
    await two.append(contents(0, 1));
    publishing.resolve();
    await alone;
    expect(await two.alone(async () => 'mine')).toBe('mine');
  });

  test('of an organisation that nobody knows is not begun', async () => {
    const place = postgresLedger({ state: stateOf(), org: 'nobody', root: log.root });
    await expect(open(place)).rejects.toThrow();
    expect(await log.place.begun()).toBe(false);
  });
});
