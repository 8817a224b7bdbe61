/** One SQLite file that one process has for itself: durable, secretive, and free again once that process is gone. */
import { chmodSync, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SqlRow } from '../ledger.ts';
import { LedgerError } from '../ledger-error.ts';

export type Database = {
  /** A statement without a result. */
  run(sql: string, ...values: readonly SQLInputValue[]): void;
  all(sql: string, ...values: readonly SQLInputValue[]): readonly SqlRow[];
  /** Runs `work` in one transaction: committed and on the disk when this returns, or not there at all. */
  transaction<T>(work: () => T): T;
  /** The same of work that waits; what is done with the database meanwhile is in the transaction too. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Leaves nothing of what was overwritten in the write-ahead log. Throws LedgerError `opening-not-destroyed`. */
  emptyWal(): void;
  isOpen(): boolean;
  close(): void;
};

const busy = 5;
const full = 13;
const notADatabase = 26;
const corrupt = 11;

/**
 * Opens, and makes where there is none. Waits up to `waitMs` for another process to let go. Throws LedgerError
 * `ledger-held`, `ledger-unreadable`.
 */
export async function openDatabase(path: string, waitMs: number): Promise<Database> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  chmodSync(dirname(path), 0o700);
  const until = performance.now() + waitMs;
  for (;;) {
    try {
      const database = openOnce(path);
      const folder = await open(dirname(path), 'r');
      await folder.sync().finally(() => folder.close());
      return database;
    } catch (error) {
      const held = sqliteCode(error) === busy;
      if (!held) throw unreadable(path, error);
      if (performance.now() >= until) {
        throw new LedgerError('ledger-held', `another process has ${path}; wait until it is done`, {
          cause: error,
        });
      }
    }
    await sleep(20);
  }
}

function openOnce(path: string): Database {
  const mask = process.umask(0o077);
  let db: DatabaseSync;
  try {
    db = new DatabaseSync(path, { timeout: 0 });
  } finally {
    process.umask(mask);
  }
  try {
    // Exclusive before the first access: no shared memory, and the lock is kept until the process is gone.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    db.exec('PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
  } catch (error) {
    db.close();
    throw error;
  }
  return wrap(db);
}

function wrap(db: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    if (!db.isOpen) throw new LedgerError('ledger-closed', 'the ledger is closed');
    const found = statements.get(sql);
    if (found) return found;
    const made = db.prepare(sql);
    made.setReadBigInts(true);
    statements.set(sql, made);
    return made;
  };
  const begin = (): void => {
    if (db.isOpen && db.isTransaction)
      throw new LedgerError('ledger-misused', 'a transaction of the ledger holds no other');
    prepared('BEGIN IMMEDIATE').run();
  };
  const end = (): void => void roomFor(() => prepared('COMMIT').run());
  const undo = (): void => {
    if (db.isOpen && db.isTransaction) prepared('ROLLBACK').run();
  };
  return {
    run(sql, ...values) {
      roomFor(() => prepared(sql).run(...values));
    },
    all: (sql, ...values) => roomFor(() => prepared(sql).all(...values) as SqlRow[]),
    transaction(work) {
      begin();
      try {
        const result = work();
        if (result instanceof Promise)
          throw new LedgerError('ledger-misused', 'this transaction of the ledger waits for nothing');
        end();
        return result;
      } catch (error) {
        undo();
        throw error;
      }
    },
    async during(work) {
      begin();
      try {
        const result = await work();
        end();
        return result;
      } catch (error) {
        undo();
        throw error;
      }
    },
    emptyWal() {
      const [row] = prepared('PRAGMA wal_checkpoint(TRUNCATE)').all() as SqlRow[];
      if (row?.busy !== 0n)
        throw new LedgerError(
          'opening-not-destroyed',
          'what was overwritten is still in the write-ahead log',
        );
    },
    isOpen: () => db.isOpen,
    close: () => {
      if (db.isOpen) db.close();
    },
  };
}

/** A full disk is said to be that: whoever makes room can go on, and nothing of what failed stands anywhere. */
function roomFor<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw sqliteCode(error) === full ? fullDisk(error) : error;
  }
}

const fullDisk = (cause: unknown): LedgerError =>
  new LedgerError(
    'ledger-full',
    'the disk of the ledger is full: nothing was recorded; make room there and do it again',
    { cause },
  );

function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return null;
  return error.errcode & 0xff;
}

function unreadable(path: string, cause: unknown): unknown {
  const code = sqliteCode(cause);
  if (code === null) return cause;
  if (code === full) return fullDisk(cause);
  const why =
    code === notADatabase || code === corrupt ? 'it is damaged, or something else' : 'the disk says no';
  return new LedgerError('ledger-unreadable', `${path} cannot be opened: ${why}; put a backup back`, {
    cause,
  });
}
