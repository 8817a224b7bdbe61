/** Work that is left for after an answer, done one at a time: whoever asks learns nothing from how long it takes. */
import type { Logger } from 'pino';

export type Turns = {
  /** False where too much waits already: then nothing was taken on. */
  add(what: string, work: () => Promise<unknown>): boolean;
  /** When all that was taken on is done. */
  settled(): Promise<void>;
};

/** At most so many wait. What fails is logged by its code: more might name a person. */
export function openTurns(log: Logger, most: number): Turns {
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  return {
    add(what, work) {
      if (waiting >= most) return false;
      waiting += 1;
      last = last
        .then(() => new Promise((resolve) => setImmediate(resolve)))
        .then(work)
        .then(
          () => {},
          (error: unknown) => log.error({ part: 'auth', code: codeOf(error) }, `${what} failed`),
        )
        .finally(() => {
          waiting -= 1;
        });
      return true;
    },
    async settled() {
      while (waiting > 0) await last;
    },
  };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
