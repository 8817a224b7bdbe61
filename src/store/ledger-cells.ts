/** What a cell of a ledger's row holds, and what is said of one that does not hold what it must. */

import type { SqlCell } from './ledger.ts';
import { LedgerError } from './ledger-error.ts';

export function bytesOf(cell: SqlCell | undefined): Buffer | null {
  return cell instanceof Uint8Array ? Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength) : null;
}

export const damaged = (what: string): LedgerError =>
  new LedgerError('ledger-damaged', `the ledger is damaged: ${what}; put the latest backup back`);
