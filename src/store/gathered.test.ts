import { describe, expect, test } from 'vitest';
import { type Gathering, gathered } from './gathered.ts';

class Fault extends Error {
  readonly code: 'outcome-unknown' | 'not-fit';
  constructor(code: Fault['code']) {
    super(code);
    this.code = code;
  }
}

/** What was done together, group by group; each result is twice its item. */
function doubling(more: Partial<Gathering<number, number>> = {}): {
  readonly groups: number[][];
  readonly ask: (item: number) => Promise<number>;
} {
  const groups: number[][] = [];
  const work = async (items: readonly number[]): Promise<readonly number[]> => {
    groups.push([...items]);
    return more.work?.(items) ?? items.map((item) => item * 2);
  };
  return { groups, ask: gathered({ most: 100, every: 0, alone: () => true, ...more, work }) };
}

const codeOf = (settled: PromiseSettledResult<number>): unknown =>
  settled.status === 'fulfilled' ? settled.value : (settled.reason as Fault).code;

describe('what is gathered', () => {
  test('is done together, and each has its own result', async () => {
    const { groups, ask } = doubling();
    expect(await Promise.all([3, 1, 2].map(ask))).toEqual([6, 2, 4]);
    expect(groups).toEqual([[3, 1, 2]]);
  });

  test('while work is being done waits for the next, and is not in the one before', async () => {
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const { groups, ask } = doubling({
      async work(items) {
        begun.resolve();
        await held.promise;
        return items.map((item) => item * 2);
      },
    });
    const first = ask(1);
    await begun.promise;
    const later = [2, 3].map(ask);
    expect(groups).toEqual([[1]]);
    held.resolve();
    expect(await Promise.all([first, ...later])).toEqual([2, 4, 6]);
    expect(groups).toEqual([[1], [2, 3]]);
  });

  test('is never more at once than it says, in the order it was asked', async () => {
    const { groups, ask } = doubling({ most: 2 });
    await Promise.all([1, 2, 3, 4, 5].map(ask));
    expect(groups).toEqual([[1, 2], [3, 4], [5]]);
  });

  test('is done alone where one spoils it for all, and only that one is told', async () => {
    const { groups, ask } = doubling({
      async work(items) {
        if (items.includes(2)) throw new Fault('not-fit');
        return items.map((item) => item * 2);
      },
    });
    const settled = await Promise.allSettled([1, 2, 3].map(ask));
    expect(settled.map(codeOf)).toEqual([2, 'not-fit', 6]);
    expect(groups).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  test('is not tried again where it may have been done: all are told that', async () => {
    const { groups, ask } = doubling({
      async work() {
        throw new Fault('outcome-unknown');
      },
      alone: (error) => !(error instanceof Fault && error.code === 'outcome-unknown'),
    });
    const settled = await Promise.allSettled([1, 2, 3].map(ask));
    expect(settled.map(codeOf)).toEqual(['outcome-unknown', 'outcome-unknown', 'outcome-unknown']);
    expect(groups).toEqual([[1, 2, 3]]);
  });

  test('goes on after a failure', async () => {
    let failing = true;
    const { ask } = doubling({
      async work(items) {
        if (failing) throw new Fault('not-fit');
        return items.map((item) => item * 2);
      },
    });
    await expect(ask(1)).rejects.toMatchObject({ code: 'not-fit' });
    failing = false;
    expect(await ask(1)).toBe(2);
  });

  test('sees in its work all that was there when it was asked', async () => {
    let there = 0;
    const { ask } = doubling({ work: async (items) => items.map(() => there) });
    const seen: boolean[] = [];
    for (let i = 1; i <= 20; i++) {
      there = i;
      seen.push((await ask(0)) >= i);
    }
    expect(seen).toEqual(Array(20).fill(true));
  });

  test('begins no more often than it may, and takes all who came meanwhile', async () => {
    const begun: number[] = [];
    const { groups, ask } = doubling({
      every: 30,
      async work(items) {
        begun.push(performance.now());
        return items;
      },
    });
    await ask(1);
    await Promise.all([2, 3, 4].map(ask));
    expect(groups).toEqual([[1], [2, 3, 4]]);
    expect((begun[1] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(29);
  });

  test('gives others their turn while the results of many are handed over', async () => {
    const { ask } = doubling();
    let given = 0;
    const asked = Array.from({ length: 100 }, (_, i) => ask(i).then(() => given++));
    const seen: number[] = [];
    while (given < 100) {
      await new Promise((later) => setImmediate(later));
      if (given > 0) seen.push(given);
    }
    await Promise.all(asked);
    expect(seen[0]).toBeLessThan(50);
  });
});
