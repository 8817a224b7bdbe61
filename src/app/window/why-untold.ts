/** Why nobody can tell whom a letter may be of: what it is matched with is away. That the state itself is, or a fault of ours, is none. */
import { IngestError } from '../../bulk/ingest/ingest-error.ts';
import { VaultError } from '../../bulk/vault.ts';
import { DocumentError } from '../../documents/fault.ts';
import { FileError } from '../../documents/regular-file.ts';
import { LedgerError } from '../../store/ledger-error.ts';
import { FlowError } from '../flow/flow-error.ts';

export type Untold = 'documents' | 'away';

const ofSources = [LedgerError, VaultError, IngestError, FlowError, FileError];

export function whyUntold(error: unknown): Untold | null {
  if (error instanceof DocumentError) return 'documents';
  return ofSources.some((kind) => error instanceof kind) ? 'away' : null;
}
