/**
 * What the vault keeps of an imported batch of preference events, and that it is still what was imported: a stop that
 * was cut off the end of a file would be a stop that nobody obeys.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DigestMemory, openDigestMemory } from '../../bulk/ingest/digest-memory.ts';
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
export function requireBatch(root: string, preferences: Preferences, digest: string): BatchFile {
  const path = batchPath(root, digest);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new BatchFileError(
      'batch-missing',
      `${path} is not there, and the preference events that were imported with it; put the vault back from its copy`,
    );
  const sha256 = remembered(openDigestMemory(join(root, '.astold/digests.json')), path);
  if (preferences.batchFiles(digest).includes(sha256)) return { path, sha256 };
  throw new BatchFileError(
    'batch-broken',
    `${path} is not what was imported: rows of it are gone or are others, and stops with them; put the vault back from its copy`,
  );
}

function remembered(memory: DigestMemory, path: string): string {
  const known = memory.recall(path);
  if (known !== null) return known.digest;
  const note = memory.watch(path);
  const found = digestSync(path);
  note(found);
  memory.save();
  return found.digest;
}

/** While the ledger is held nothing is waited for. */
function digestSync(path: string): { readonly digest: string; readonly bytes: number } {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(1 << 20);
  let bytes = 0;
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const read = readSync(file, buffer);
      if (read === 0) break;
      hash.update(buffer.subarray(0, read));
      bytes += read;
    }
  } finally {
    closeSync(file);
  }
  return { digest: hash.digest('hex'), bytes };
}
