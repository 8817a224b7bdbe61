/** What is done again and again while the server runs. */
import type { Logger } from 'pino';
import { saidOnce } from './said-once.ts';

export type Regular = {
  readonly name: string;
  /** Milliseconds from the end of one time to the start of the next. */
  readonly every: number;
  run(): Promise<unknown>;
};

/** Each is done at once, then so often, never twice at a time here; one that fails is tried again next time. */
export function regularly(deeds: readonly Regular[], log: Logger): { stop(): Promise<void> } {
  let stopped = false;
  const wakes = new Set<() => void>();
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        wakes.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      wakes.add(end);
    });
  const keepDoing = async ({ name, every, run }: Regular): Promise<void> => {
    const said = saidOnce(() => performance.now());
    while (!stopped) {
      await run().then(
        () => {
          if (said.well()) log.info({ regular: name }, 'it works again');
        },
        (error: unknown) => {
          const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
          if (said.failed(code)) log.warn({ regular: name, code }, 'it is tried again');
        },
      );
      if (!stopped) await pause(every);
    }
  };
  const running = Promise.all(deeds.map(keepDoing));
  return {
    async stop() {
      stopped = true;
      for (const wake of wakes) wake();
      await running;
    },
  };
}
