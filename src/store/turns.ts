/** Work that is done one after the other, in the order in which it was asked for. */
import { AsyncLocalStorage } from 'node:async_hooks';

export type Turns = {
  /** Waits for all that came before. Whoever is in a turn would wait for themselves: ask `inside` first. */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** Whether whoever asks is in a turn already. */
  inside(): boolean;
};

export function turns(): Turns {
  const within = new AsyncLocalStorage<true>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work) {
      const turn = last.then(() => within.run(true, work));
      last = turn.catch(() => {});
      return turn;
    },
    inside: () => within.getStore() === true,
  };
}
