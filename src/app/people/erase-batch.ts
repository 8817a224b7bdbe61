/** Taking a person out of an imported batch of preference events (E8). */

import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { eraseRows } from '../../bulk/preference-batch-rows.ts';
import { withLock } from '../../bulk/vault.ts';
import type { Ledger, LedgerPlace } from '../../store/ledger.ts';
import { preferencesIn, preferencesOf, preparePreferences } from '../../store/preferences.ts';
import { suppressedRecord } from '../gate/suppression-key.ts';
import { batchFolder, requireBatch } from './batch-file.ts';
import { ledgerPatience } from './prefer.ts';

export type BatchPerson = {
  readonly place: LedgerPlace;
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
  { place, digest, record, key }: BatchPerson,
): Promise<{ readonly erased: number; readonly nameless: number }> {
  const { root } = place;
  const dir = batchFolder(root);
  return withLock(join(dir, 'lock'), 'the imported preference events', async () => {
    const { path, sha256 } = await withLedger(place, (ledger) =>
      requireBatch(root, preferencesIn(ledger), digest),
    );
    let now = sha256;
    const stands = suppressedRecord(key);
    const done = await eraseRows(engine, dir, path, { record, stands }, (to) => {
      now = to;
      return withLedger(place, (ledger) =>
        ledger.commit((tx) => preferencesOf(tx).replaceBatchFile(digest, sha256, to)),
      );
    });
    await withLedger(place, (ledger) =>
      ledger.commit(async (tx) => {
        const preferences = preferencesOf(tx);
        if ((await preferences.batchFiles(digest)).length > 1)
          await preferences.batchFileReplaced(digest, now);
      }),
    );
    return done;
  });
}

async function withLedger<T>(place: LedgerPlace, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await place.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}
