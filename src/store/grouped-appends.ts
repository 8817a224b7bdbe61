/** Appends that come together share a transaction: what each waits for is the disk, and the disk is asked once. */
import type { LogContent } from '../log/entry.ts';
import type { Appended } from './ledger.ts';
import { type Prepared, prepareEntries } from './prepared-entries.ts';

type Waiting = {
  readonly prepared: readonly Prepared[];
  readonly resolve: (appended: readonly Appended[]) => void;
  readonly reject: (error: unknown) => void;
};
/** Entries that one transaction takes. */
const most = 10_000;

/** `write` commits the groups in one transaction and gives what became of each. While it does, others gather. */
export function groupedAppends(
  write: (groups: readonly (readonly Prepared[])[]) => Promise<readonly (readonly Appended[])[]>,
): (contents: readonly LogContent[]) => Promise<readonly Appended[]> {
  const waiting: Waiting[] = [];
  let writing = false;

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, fitting(waiting));
      try {
        const results = await write(batch.map(({ prepared }) => prepared));
        for (const [i, { resolve }] of batch.entries()) resolve(results[i] ?? []);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    writing = false;
  };

  return (contents) =>
    new Promise((resolve, reject) => {
      waiting.push({ prepared: prepareEntries(contents, null), resolve, reject });
      if (writing) return;
      writing = true;
      setImmediate(flush);
    });
}

/** How many of those that wait go together; one at least. */
function fitting(waiting: readonly Waiting[]): number {
  let entries = 0;
  const over = waiting.findIndex(({ prepared }, i) => {
    entries += prepared.length;
    return i > 0 && entries > most;
  });
  return over === -1 ? waiting.length : over;
}
