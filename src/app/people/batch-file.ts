/**
 * What the vault keeps of an imported batch of preference events, and that it is still what was imported: a stop that
 * was cut off the end of a file would be a stop that nobody obeys.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type DigestMemory, openDigestMemory } from '../../bulk/ingest/digest-memory.ts';
import { fileDigest } from '../../bulk/outputs/manifest.ts';
import type { Preferences } from '../../store/preferences.ts';

export type BatchFileErrorCode =
  | 'batch-missing'
  /** Rows of it are gone, or are others. */
  | 'batch-broken';
export class BatchFileError extends Error {
  readonly code: BatchFileErrorCode;
  constructor(code: BatchFileErrorCode, message: string) {
    super(message);
    this.name = 'BatchFileError';
    this.code = code;
  }
}

export const batchFolder = (root: string): string => join(root, 'vault/preferences');
/** `digest` is that of the file as it was imported. */
export const batchPath = (root: string, digest: string): string => join(batchFolder(root), `${digest}.csv`);

export type BatchFile = {
  readonly path: string;
  /** SHA-256 of it as it stands. */
  readonly sha256: string;
};

/** The file of a batch, as the ledger knows it: without any of it nothing is read. Throws BatchFileError. */
export async function requireBatch(
  root: string,
  preferences: Preferences,
  digest: string,
): Promise<BatchFile> {
  const path = batchPath(root, digest);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new BatchFileError(
      'batch-missing',
      `${path} is not there, and the preference events that were imported with it; put the vault back from its copy`,
    );
  const sha256 = await remembered(openDigestMemory(join(root, '.astold/digests.json')), path);
  if ((await preferences.batchFiles(digest)).includes(sha256)) return { path, sha256 };
  throw new BatchFileError(
    'batch-broken',
    `${path} is not what was imported: rows of it are gone or are others, and stops with them; put the vault back from its copy`,
  );
}

async function remembered(memory: DigestMemory, path: string): Promise<string> {
  const known = memory.recall(path);
  if (known !== null) return known.digest;
  const note = memory.watch(path);
  const found = await fileDigest(path);
  note(found);
  memory.save();
  return found.digest;
}
