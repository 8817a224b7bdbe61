/** Taking a person out of an imported batch of preference events (E8). */
import { join } from 'node:path';
import type { Engine } from '../bulk/engine.ts';
import { eraseRows } from '../bulk/preference-batch-rows.ts';
import { withLock } from '../bulk/vault.ts';
import { batchFolder, requireBatch } from './recorded.ts';
import { suppressedRecord } from './suppression-key.ts';

export type BatchPerson = {
  readonly root: string;
  /** SHA-256 of the file the batch was made of. */
  readonly digest: string;
  readonly record: string;
  /** The keyed hash that stands for the record from now on. */
  readonly key: string;
};

/** Gives how many rows were theirs. Errors: RecordedError, VaultError. */
export async function eraseFromBatch(
  engine: Engine,
  { root, digest, record, key }: BatchPerson,
): Promise<number> {
  const dir = batchFolder(root);
  const csv = requireBatch(root, digest);
  const stands = suppressedRecord(key);
  return withLock(join(dir, 'lock'), 'the imported preference events', () =>
    eraseRows(engine, dir, csv, { record, stands }),
  );
}
