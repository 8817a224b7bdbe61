/** Taking a person out of an imported batch of preference events (E8). */

import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { eraseRows } from '../../bulk/preference-batch-rows.ts';
import { withLock } from '../../bulk/vault.ts';
import { type Ledger, openLedger } from '../../store/ledger.ts';
import { openPreferences, type Preferences } from '../../store/preferences.ts';
import { suppressedRecord } from '../gate/suppression-key.ts';
import { batchFolder, requireBatch } from './batch-file.ts';
import { ledgerPatience } from './prefer.ts';

export type BatchPerson = {
  readonly root: string;
  /** SHA-256 of the file the batch was made of. */
  readonly digest: string;
  readonly record: string;
  /** The keyed hash that stands for the record from now on. */
  readonly key: string;
};

/**
 * The ledger knows what the file becomes before it does: cut short at any instant, it is one of the two that it may be.
 * Gives how many rows were theirs, and how many name no record. Errors: BatchFileError, VaultError, LedgerError.
 */
export async function eraseFromBatch(
  engine: Engine,
  { root, digest, record, key }: BatchPerson,
): Promise<{ readonly erased: number; readonly nameless: number }> {
  const dir = batchFolder(root);
  return withLock(join(dir, 'lock'), 'the imported preference events', async () => {
    const { path, sha256 } = await withPreferences(root, (preferences) =>
      requireBatch(root, preferences, digest),
    );
    let now = sha256;
    const stands = suppressedRecord(key);
    const done = await eraseRows(engine, dir, path, { record, stands }, (to) => {
      now = to;
      return withPreferences(root, (preferences, ledger) =>
        ledger.commit((tx) => preferences.replaceBatchFile(tx, digest, sha256, to)),
      );
    });
    await withPreferences(root, (preferences, ledger) => {
      if (preferences.batchFiles(digest).length > 1)
        ledger.commit((tx) => preferences.batchFileReplaced(tx, digest, now));
    });
    return done;
  });
}

async function withPreferences<T>(
  root: string,
  work: (preferences: Preferences, ledger: Ledger) => T,
): Promise<T> {
  const ledger = await openLedger(root, { waitMs: ledgerPatience });
  try {
    return work(openPreferences(ledger), ledger);
  } finally {
    ledger.close();
  }
}
