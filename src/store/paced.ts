/** Turns that come no more often than they may. */
import { setTimeout as pause } from 'node:timers/promises';

/** Each turn comes `every` milliseconds after the one before, at least; at once where that is long past. One waits at a time. */
export function paced(every: number): () => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    const left = last + every - performance.now();
    if (left > 0) await pause(Math.ceil(left));
    last = performance.now();
  };
}
