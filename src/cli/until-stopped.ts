/** For commands that run until a signal, and end in order. */
import { abandonAll } from '../bulk/ingest/workplace.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Waits for a signal, then for `stop`. A second signal ends the process at once. */
export async function untilStopped(stop: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of signals) {
      // Instead of what the launcher does with it.
      process.removeAllListeners(signal);
      process.once(signal, () => {
        resolve();
        for (const again of signals)
          process.on(again, () => {
            abandonAll();
            process.exit(1);
          });
      });
    }
  });
  await stop();
  abandonAll();
}
