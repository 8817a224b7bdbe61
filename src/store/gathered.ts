/** What comes while other work of its kind is being done is done together afterwards: many wait for one answer of the disk. */

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
  /** Whether what failed for many, of which nothing is done, is tried for each alone: one that cannot be done spoils no other. */
  readonly alone: (error: unknown) => boolean;
};

/** Work on an item begins after it was asked for: it sees all that was there by then. */
export function gathered<T, R>({ work, most, alone }: Gathering<T, R>): (item: T) => Promise<R> {
  const waiting: Waiting<T, R>[] = [];
  let working = false;

  const attempt = async (some: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const results = await work(some.map(({ item }) => item));
      for (const [i, { resolve }] of some.entries()) resolve(results[i] as R);
    } catch (error) {
      if (some.length > 1 && alone(error)) for (const each of some) await attempt([each]);
      else for (const { reject } of some) reject(error);
    }
  };
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) await attempt(waiting.splice(0, most));
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
