/** What a witness remembers: for each log the latest checkpoint it cosigned; on the disk before it answers. */
import { join } from 'node:path';
import type { TreeHead } from '../log/checkpoint.ts';
import { hashBytes } from '../log/merkle.ts';
import { bytesOf } from './ledger-cells.ts';
import { LedgerError } from './ledger-error.ts';
import { openDatabase } from './sqlite/database.ts';

export type WitnessState = {
  /**
   * Hands `decide` the tree last cosigned for a log (null: none yet) and remembers the one it gives; null remembers
   * nothing. Atomic and durable: nobody else decides in between.
   */
  update(origin: string, decide: (latest: TreeHead | null) => TreeHead | null): void;
  close(): void;
};

/** Throws LedgerError `ledger-held` where another witness runs on the folder, `ledger-unreadable`. */
export async function openWitnessState(dir: string): Promise<WitnessState> {
  const db = await openDatabase(join(dir, 'witness.sqlite'), 0);
  try {
    db.run(
      'CREATE TABLE IF NOT EXISTS latest (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL) STRICT',
    );
  } catch (error) {
    db.close();
    throw error;
  }
  const latest = (origin: string): TreeHead | null => {
    const [row] = db.all('SELECT size, root FROM latest WHERE origin = ?', origin);
    if (row === undefined) return null;
    const root = bytesOf(row.root);
    if (typeof row.size !== 'bigint' || root?.length !== hashBytes)
      throw new LedgerError(
        'ledger-damaged',
        'what the witness remembers is damaged; it must not go on with it',
      );
    return { size: row.size, root };
  };
  return {
    update(origin, decide) {
      db.transaction(() => {
        const next = decide(latest(origin));
        if (next !== null)
          db.run('INSERT OR REPLACE INTO latest VALUES (?, ?, ?)', origin, next.size, next.root);
      });
    },
    close: db.close,
  };
}
