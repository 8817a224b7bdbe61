/**
 * What was recorded in this workspace as it stands when a decision begins: the preference events, and the size of the
 * log they are all of. What is logged after that is not decided on; what was logged before is (E3).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Recorded } from '../../bulk/ingest/ingest-source.ts';
import type { Instant } from '../../policy/model.ts';
import { begunFile, ledgerFile, logFolder } from '../../store/places.ts';

export type Frozen = {
  /** Entries of the log, published or not; null where the workspace has logged nothing. */
  readonly logSize: bigint | null;
  readonly recorded: Recorded | null;
  /** The instant, by our own clock, at which nothing could be logged: all that is logged before it is here. */
  readonly at: Instant;
};

/** How long another process may keep the ledger. */
const patience = 30_000;

/** `folder` is the caller's to remove, once nothing is read of it any more. Errors: LedgerError, KeyError, BatchFileError. */
export async function freeze(root: string, source: string, folder: string): Promise<Frozen> {
  // A workspace that never logged anything is not given a ledger for being looked at.
  const before = Date.now();
  const logged = [ledgerFile, begunFile, join(logFolder, 'checkpoint')];
  if (!logged.some((file) => existsSync(join(root, file))))
    return { logSize: null, recorded: null, at: before };
  const [{ openLedger }, { recordedPreferences }, { suppressionKey }] = await Promise.all([
    import('../../store/ledger.ts'),
    import('../people/recorded.ts'),
    import('./suppression-key.ts'),
  ]);
  const ledger = await openLedger(root, { waitMs: patience });
  try {
    // While the ledger is held: what is logged later is later than this.
    const at = Date.now();
    const { size, files } = recordedPreferences(ledger, source, folder);
    const recorded =
      files.length === 0 ? null : { files, suppressionKey: await suppressionKey(root, source) };
    return { logSize: size, recorded, at };
  } finally {
    ledger.close();
  }
}
