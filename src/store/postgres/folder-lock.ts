/** A lock on a folder that one process holds at a time: it is free again once that process is gone, however it ended. */
import { DatabaseSync } from 'node:sqlite';
import { StateError } from './state-error.ts';

export type FolderLock = { release(): void };

const [busy, full] = [5, 13];

/**
 * `path` is the lock's own file; it stays there, and nothing is written to it or beside it: it is had on a full disk too. Throws
 * StateError `data-folder-in-use`, `data-folder-unusable`, `disk-full`.
 */
export function lockFolder(path: string): FolderLock {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(path, { timeout: 0 });
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return { release: () => release(db) };
  } catch (error) {
    release(db);
    throw lockFault(path, error);
  }
}

/** What it means that SQLite would not lock it. */
export function lockFault(path: string, error: unknown): StateError {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) % 256 : null;
  const cause = { cause: error };
  if (code === busy)
    return new StateError(
      'data-folder-in-use',
      `another process has the data folder (${path}); stop it, or give this one a folder of its own or ASTOLD_DATABASE_URL`,
      cause,
    );
  if (code === full)
    return new StateError('disk-full', `${path} cannot be locked: its disk is full; make room`, cause);
  return new StateError(
    'data-folder-unusable',
    `${path} cannot be locked: may this user write there?`,
    cause,
  );
}

function release(db: DatabaseSync | null): void {
  if (db?.isOpen) db.close();
}
