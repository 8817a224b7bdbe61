/** What comes while other work of its kind is being done is done together afterwards: many wait for one answer of the disk. */
import { paced } from './paced.ts';

type Waiting<T, R> = {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
};
export type Gathering<T, R> = {
  /** Gives a result for each item, in their order; all of them or none. */
  readonly work: (items: readonly T[]) => Promise<readonly R[]>;
  /** Items done together. */
  readonly most: number;
  /** Milliseconds from the beginning of one such work to the next, at least: what comes often is done in fewer, larger parts. */
  readonly every: number;
  /** Whether what failed for many, of which nothing is done, is tried for each alone: one that cannot be done spoils no other. */
  readonly alone: (error: unknown) => boolean;
};

/** Results handed over before others get their turn: what each of the many does next may take a millisecond. */
const handedAtOnce = 8;

/** Work on an item begins after it was asked for: it sees all that was there by then. */
export function gathered<T, R>({ work, most, every, alone }: Gathering<T, R>): (item: T) => Promise<R> {
  const waiting: Waiting<T, R>[] = [];
  const turn = paced(every);
  let working = false;

  const attempt = async (some: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const results = await work(some.map(({ item }) => item));
      handOver(some, results, 0);
    } catch (error) {
      if (some.length > 1 && alone(error)) for (const each of some) await attempt([each]);
      else for (const { reject } of some) reject(error);
    }
  };
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      await turn();
      await attempt(waiting.splice(0, most));
    }
    working = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (working) return;
      working = true;
      setImmediate(flush);
    });
}

function handOver<T, R>(some: readonly Waiting<T, R>[], results: readonly R[], from: number): void {
  const end = Math.min(from + handedAtOnce, some.length);
  for (let i = from; i < end; i++) some[i]?.resolve(results[i] as R);
  if (end < some.length) setImmediate(handOver, some, results, end);
}
