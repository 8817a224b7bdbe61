/** What every ledger must do, held against each of them. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLogKey } from '../documents/log-key.ts';
import { contentText, entryOf, type LogContent } from '../log/entry.ts';
import { leafHash, rootOf } from '../log/merkle.ts';
import type { Ledger, LedgerPlace, LedgerTx } from './ledger.ts';
import { content, contents, ledgers, refusal, type TestLedgers, type TestLog } from './ledgers.fixture.ts';

const documents = [
  'CREATE TABLE document_entry (kind TEXT NOT NULL, digest TEXT NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY (kind, digest)) STRICT',
];
const noted = 'INSERT INTO document_entry (kind, digest, idx) VALUES (?, ?, ?)';

describe.each(ledgers)('a ledger on $name', ({ name, start }) => {
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

  test('begins when it is opened, and not before', async () => {
    expect(await log.place.begun()).toBe(false);
    await (await open()).close();
    expect(await log.place.begun()).toBe(true);
  });

  test('keeps what it acknowledged, in order, across closing', async () => {
    const first = await open();
    const appended = await first.append(contents(0, 600));
    expect(appended.map(({ index }) => index)).toEqual(Array.from({ length: 600 }, (_, i) => BigInt(i)));
    const head = { size: 600n, root: rootOf(appended.map(({ entry }) => leafHash(entry))) };
    expect(await first.head()).toEqual(head);
    await first.close();
    expect(await refusal(first.append(contents(0, 1)))).toBe('ledger-closed');
    const again = await open();
    expect(await again.head()).toEqual(head);
    expect(await again.opening(599n)).toEqual(appended[599]?.opening);
    expect(await again.entry(599n)).toEqual(appended[599]?.entry);
    expect([await again.opening(600n), await again.entry(600n)]).toEqual([null, null]);
    await again.close();
  });

  test('commits entries and the rows of another module together, or neither', async () => {
    const ledger = await open();
    await ledger.migrate('documents', documents);
    const write = (digest: string) =>
      ledger.commit(async (tx) => {
        const [appended] = await tx.append([content(1)], null);
        await tx.run(noted, 'freeze', digest, appended?.index ?? -1n);
        return appended?.index;
      });
    expect(await write('a')).toBe(0n);
    // The same digest again: the entry goes with the row.
    await expect(write('a')).rejects.toThrow();
    expect((await ledger.head()).size).toBe(1n);
    expect(await write('b')).toBe(1n);
    expect(await ledger.all('SELECT digest, idx FROM document_entry ORDER BY idx')).toEqual([
      { digest: 'a', idx: 0n },
      { digest: 'b', idx: 1n },
    ]);
    expect(await ledger.entry(2n)).toBeNull();
    await ledger.close();
  });

  test('does one transaction after the other, whatever each waits for', async () => {
    const ledger = await open();
    const sizes = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        ledger.commit(async (tx) => {
          const { size } = await tx.head();
          await pause(1);
          const two = await Promise.all([tx.append([content(n)], null), tx.append([content(n)], null)]);
          expect(two.flat().map(({ index }) => index)).toEqual([size, size + 1n]);
          expect((await tx.head()).size).toBe(size + 2n);
          return size;
        }),
      ),
    );
    expect(sizes.toSorted((a, b) => Number(a - b))).toEqual(sizes.map((_, i) => BigInt(2 * i)));
    const { size, root } = await ledger.head();
    const entries = await Promise.all(
      Array.from({ length: Number(size) }, (_, i) => ledger.entry(BigInt(i))),
    );
    expect(root).toEqual(rootOf(entries.map((entry) => leafHash(entry ?? Buffer.alloc(0)))));
    await ledger.close();
  });

  test('a transaction in which the ledger itself is used, or that is over, is refused with nothing written', async () => {
    const ledger = await open();
    const uses: readonly ((tx: LedgerTx) => Promise<unknown>)[] = [
      () => ledger.commit(async () => null),
      () => ledger.all('SELECT 1 AS one'),
      () => ledger.append([content(1)]),
      () => ledger.read(async () => null),
      () => ledger.head(),
      () => ledger.destroyOpenings([0n]),
      (tx) => tx.append([content(1)], []),
    ];
    for (const use of uses) {
      const work = ledger.commit(async (tx) => {
        await tx.append([content(1)], null);
        await use(tx);
      });
      expect(await refusal(work)).toBe('ledger-misused');
    }
    expect(await refusal(ledger.freeze(() => ledger.commit(async () => null)))).toBe('ledger-misused');
    const late = await ledger.commit(async (tx) => tx);
    expect(await refusal(late.append([content(1)], null))).toBe('ledger-misused');
    expect(await refusal(late.run(noted, 'freeze', 'a', 0n))).toBe('ledger-misused');
    expect((await ledger.head()).size).toBe(0n);
    await ledger.close();
  });

  test('appends that come together are all there, and one that cannot be written fails alone', async () => {
    const ledger = await open();
    const bad = { kind: 'gossip', at: 'never' } as unknown as LogContent;
    const found = await Promise.allSettled([
      ledger.append([content(1)]),
      ledger.append([content(2), bad]),
      ...Array.from({ length: 200 }, (_, n) => ledger.append(contents(n, 3))),
    ]);
    expect(found.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    const indices = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    expect(indices.map(({ index }) => index)).toEqual(Array.from({ length: 601 }, (_, i) => BigInt(i)));
    for (const { index, opening } of indices.slice(-3)) expect(await ledger.opening(index)).toEqual(opening);
    await ledger.close();
  });

  test('takes the salts it is given', async () => {
    const ledger = await open();
    const salt = Buffer.alloc(16, 7);
    const [appended] = await ledger.commit((tx) => tx.append([content(1)], [salt]));
    expect(appended?.entry).toEqual(entryOf(contentText(content(1)), salt));
    await ledger.close();
  });

  test('has no tables of a module but those that were made for it', async () => {
    const ledger = await open();
    await ledger.migrate('documents', documents);
    const other = ['CREATE TABLE nobodys_table (id TEXT PRIMARY KEY) STRICT'];
    if (name === 'SQLite') await ledger.migrate('nobody', other);
    else expect(await refusal(ledger.migrate('nobody', other))).toBe('ledger-version');
    await ledger.close();
  });

  test('an opening that is destroyed is gone, the rest can be opened, and the tree is what it was', async () => {
    const ledger = await open();
    await ledger.append(contents(0, 40));
    const head = await ledger.head();
    expect(await refusal(ledger.destroyOpenings([0n, 40n]))).toBe('opening-unknown');
    expect(await ledger.opening(0n)).toMatchObject({ content: content(0) });
    await ledger.destroyOpenings([0n, 7n]);
    await ledger.destroyOpenings([7n]);
    expect([await ledger.opening(0n), await ledger.opening(7n)]).toEqual(['destroyed', 'destroyed']);
    expect(await ledger.opening(8n)).toMatchObject({ content: content(8) });
    expect(await ledger.head()).toEqual(head);
    await ledger.close();
  });

  test('a cut-off has before it all that was logged before it, however much is being logged', async () => {
    const ledger = await open();
    const logged: { index: bigint; at: number }[] = [];
    const events = Array.from({ length: 40 }, async () => {
      await pause(Math.random() * 60);
      await ledger.commit(async (tx) => {
        const at = tx.now();
        await pause(Math.random() * 3);
        const [one] = await tx.append([content(at)], null);
        logged.push({ index: one?.index ?? -1n, at });
      });
    });
    const cutOffs = Array.from({ length: 8 }, async () => {
      await pause(Math.random() * 60);
      return ledger.freeze(async (view, at) => {
        await pause(Math.random() * 3);
        return { at, size: (await view.head()).size };
      });
    });
    const found = await Promise.all(cutOffs);
    await Promise.all(events);
    for (const { at, size } of found)
      for (const event of logged) expect(event.index < size || event.at >= at).toBe(true);
    await ledger.close();
  }, 30_000);

  test('that was lost is not begun anew under the same key', async () => {
    const ledger = await open();
    await ledger.append(contents(0, 3));
    await ledger.close();
    await log.lose();
    expect(await refusal(open())).toBe('ledger-missing');
    expect(await refusal(open())).toBe('ledger-missing');
    expect(await log.place.begun()).toBe(true);
  });

  test('of another log is refused', async () => {
    await (await open()).close();
    for (const name of ['log.key', 'log.pub']) rmSync(join(log.root, 'keys', name));
    expect(await refusal(open())).toBe('key-missing');
    await createLogKey(log.root, 'astold.example/another');
    expect(await refusal(open())).toBe('ledger-other-log');
  });
});
