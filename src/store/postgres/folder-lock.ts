/** A lock on a folder that one process holds at a time: it is free again once that process is gone, however it ended. */
import { DatabaseSync } from 'node:sqlite';
import { StateError } from './state-error.ts';

export type FolderLock = { release(): void };

const busy = 5;

/** `path` is the lock's own file; it stays there. Throws StateError `data-folder-in-use`, `data-folder-unusable`. */
export function lockFolder(path: string): FolderLock {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(path, { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    return { release: () => release(db) };
  } catch (error) {
    release(db);
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) {
      throw new StateError(
        'data-folder-in-use',
        `another process has the data folder (${path}); stop it, or give this one a folder of its own or ASTOLD_DATABASE_URL`,
        { cause: error },
      );
    }
    throw new StateError('data-folder-unusable', `${path} cannot be locked: may this user write there?`, {
      cause: error,
    });
  }
}

function release(db: DatabaseSync | null): void {
  if (db?.isOpen) db.close();
}
