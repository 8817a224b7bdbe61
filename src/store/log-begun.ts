/** Whether a workspace ever had a ledger: one that was lost is not begun anew. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerError } from './ledger-error.ts';
import { begunFile, logFolder } from './places.ts';

/** As the files say that stay where a ledger was. */
export const hasBegun = (root: string): boolean =>
  [begunFile, join(logFolder, 'checkpoint')].some((file) => existsSync(join(root, file)));

/** `place`: where the ledger is kept, in words. */
export function markBegun(root: string, place: string): void {
  const path = join(root, begunFile);
  if (!existsSync(path)) writeFileSync(path, `The ledger of this key was begun: ${place}\n`, { mode: 0o600 });
}

/** A ledger begun anew under the same key would forget who said stop, and fork the log. */
export const lost = (place: string, back: string): LedgerError =>
  new LedgerError(
    'ledger-missing',
    `${place} is not there, and there was one under this log's key: every stop recorded here is in it; put ${back} back from its copy`,
  );
