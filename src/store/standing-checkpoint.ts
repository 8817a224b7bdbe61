/** The checkpoint that was published, and whether a ledger still bears it out: what was once signed for must stay so. */
import { join } from 'node:path';
import { readRegular } from '../documents/regular-file.ts';
import { type Checkpoint, openCheckpoint, type TreeHead } from '../log/checkpoint.ts';
import type { Verifier } from '../log/keys.ts';
import { LogError } from '../log/log-error.ts';
import { noteText } from '../log/note.ts';
import type { ReadTile } from '../log/tiles.ts';
import { openTree } from '../log/tree-reader.ts';
import { LedgerError } from './ledger-error.ts';
import { logFolder } from './places.ts';

export type StandingCheckpoint = { readonly text: string; readonly checkpoint: Checkpoint };

/** The checkpoint that stands in the log's folder; null where nothing is published. Throws LogError. */
export async function publishedCheckpoint(
  root: string,
  verifier: Verifier,
): Promise<StandingCheckpoint | null> {
  const text = await publishedText(root);
  if (text === null) return null;
  return asStanding(root, () => ({ text, checkpoint: openCheckpoint(text, verifier) }));
}

/** The same as it was written, nothing of it checked but that it is text. */
export async function publishedText(root: string): Promise<string | null> {
  let bytes: Buffer;
  try {
    bytes = await readRegular(join(root, logFolder, 'checkpoint'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return asStanding(root, () => noteText(bytes));
}

function asStanding<T>(root: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    const path = join(root, logFolder, 'checkpoint');
    throw new LogError(error.code, `${path}: ${error.message}; put back the one that was published`, {
      cause: error,
    });
  }
}

/**
 * A ledger that has lost or changed entries may not go on: it would fork the log. Throws LedgerError `ledger-behind`,
 * `ledger-forked`.
 */
export async function requireBorneOut(
  { size, root }: TreeHead,
  head: TreeHead,
  readTile: ReadTile,
): Promise<void> {
  if (size > head.size)
    throw new LedgerError(
      'ledger-behind',
      `the ledger has ${head.size} entries and its published checkpoint ${size}: it is an old copy; put the latest backup back (of a server: astold restore)`,
    );
  const own = size === head.size ? head.root : await openTree(size, readTile).root();
  if (!own.equals(root))
    throw new LedgerError(
      'ledger-forked',
      `the ledger's first ${size} entries are not those of its published checkpoint; put the latest backup back (of a server: astold restore)`,
    );
}
