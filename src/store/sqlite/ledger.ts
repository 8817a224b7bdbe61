/**
 * The ledger in a file, for one process at a time. What it acknowledges is on the disk, and survives the process being
 * killed at any instant.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readLogVerifier } from '../../documents/log-key.ts';
import { appendLeaves, rangeRoot, type Whole } from '../../log/compact-range.ts';
import type { Verifier } from '../../log/keys.ts';
import { leafHash } from '../../log/merkle.ts';
import { tileHeight } from '../../log/tiles.ts';
import { groupedAppends } from '../grouped-appends.ts';
import type { Appended, Ledger, LedgerReader, LedgerTx } from '../ledger.ts';
import { sqliteDialect } from '../ledger-dialect.ts';
import { ledgerReader, proveEntry } from '../ledger-entries.ts';
import { LedgerError, nested, over } from '../ledger-error.ts';
import { hasBegun, lost, markBegun } from '../log-begun.ts';
import { ledgerFile } from '../places.ts';
import { appendedAt, type Prepared, prepareEntries } from '../prepared-entries.ts';
import { publishedCheckpoint, requireBorneOut } from '../standing-checkpoint.ts';
import { turns } from '../turns.ts';
import { type Database, openDatabase } from './database.ts';
import { migrate, prepareTables, readHead, writeHead } from './ledger-tables.ts';

/** As `LedgerPlace.open`: `waitMs` is for another process. */
export async function openSqliteLedger(root: string, options: { readonly waitMs: number }): Promise<Ledger> {
  const verifier = await readLogVerifier(root);
  const path = join(root, ledgerFile);
  if (!existsSync(path) && hasBegun(root)) throw lost(path, 'the vault');
  const db = await openDatabase(path, options.waitMs);
  try {
    prepareTables(db, verifier.name);
    const ledger = ledgerOn(db, root, verifier);
    const published = await publishedCheckpoint(root, verifier);
    if (published !== null) await requireBorneOut(published.checkpoint, await ledger.head(), ledger.readTile);
    markBegun(root, ledgerFile);
    return ledger;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A transaction that takes entries made before it began. */
type GrowingTx = LedgerTx & { grow(prepared: readonly Prepared[]): readonly Appended[] };

function ledgerOn(db: Database, root: string, verifier: Verifier): Ledger {
  let head = readHead(db);
  // Whoever reads waits too: what is being written is nobody's to see yet.
  const using = turns();
  const publishing = turns();
  const turn = <T>(work: () => Promise<T>): Promise<T> => {
    if (using.inside()) return Promise.reject(nested());
    return using.take(work);
  };
  const inside = ledgerReader(
    sqliteDialect,
    async (sql, ...values) => db.all(sql, ...values),
    async () => ({ size: head.size, root: rangeRoot(head) }),
  );

  const commit = <T>(work: (tx: GrowingTx) => Promise<T>): Promise<T> =>
    turn(async () => {
      let grown = head;
      let ended = false;
      const grow = (prepared: readonly Prepared[]): readonly Appended[] => {
        if (ended) throw over();
        insert(db, grown.size, prepared);
        const appended = appendedAt(grown.size, prepared);
        grown = appendLeaves(
          grown,
          prepared.map(({ entry }) => leafHash(entry)),
          (whole) => keepTileRoot(db, whole),
        );
        return appended;
      };
      const tx: GrowingTx = {
        ...inside,
        head: async () => ({ size: grown.size, root: rangeRoot(grown) }),
        now: Date.now,
        append: async (contents, salts) => grow(prepareEntries(contents, salts)),
        grow,
        async run(sql, ...values) {
          if (ended) throw over();
          db.run(sql, ...values);
        },
      };
      try {
        const result = await db.during(async () => {
          const done = await work(tx);
          if (grown !== head) writeHead(db, grown);
          return done;
        });
        head = grown;
        return result;
      } catch (error) {
        // What the file holds is what is true, whatever failed.
        if (db.isOpen()) head = readHead(db);
        throw error;
      } finally {
        ended = true;
      }
    });

  const outside = reading(inside, turn);
  const append = groupedAppends((groups) => commit(async (tx) => groups.map((each) => tx.grow(each))));
  return {
    ...outside,
    root,
    verifier,
    witnessReach: 'anywhere',
    read: (work) => turn(() => work(inside)),
    // No other process has the file, and nothing is written in this turn: what is logged later is later than this.
    freeze: (work) => turn(() => work(inside, Date.now())),
    commit,
    append: (contents) => (using.inside() ? Promise.reject(nested()) : append(contents)),
    async alone(work) {
      if (using.inside()) throw nested();
      return publishing.inside() ? work() : publishing.take(work);
    },
    migrate: (owner, steps) => turn(async () => migrate(db, owner, steps)),
    destroyOpenings: (indices) => turn(async () => destroy(db, indices)),
    prove: (index, checkpoint) => proveEntry(outside.readTile, verifier, index, checkpoint),
    close: () => turn(async () => db.close()),
  };
}

/** The same, each question in a turn of its own. */
function reading(view: LedgerReader, turn: <T>(work: () => Promise<T>) => Promise<T>): LedgerReader {
  return {
    dialect: view.dialect,
    all: (sql, ...values) => turn(() => view.all(sql, ...values)),
    head: () => turn(view.head),
    entry: (index) => turn(() => view.entry(index)),
    opening: (index) => turn(() => view.opening(index)),
    readTile: (path) => turn(() => view.readTile(path)),
  };
}

function insert(db: Database, size: bigint, prepared: readonly Prepared[]): void {
  for (const [i, { text, salt, entry }] of prepared.entries()) {
    const index = size + BigInt(i);
    db.run('INSERT INTO entry (idx, hash) VALUES (?, ?)', index, entry);
    db.run(
      'INSERT INTO opening (idx, destroyed, salt, content) VALUES (?, 0, ?, ?)',
      index,
      salt,
      Buffer.from(text),
    );
  }
}

/** The root of a full tile is a hash of the level of tiles above it. */
function keepTileRoot(db: Database, { height, index, hash }: Whole): void {
  if (height % tileHeight !== 0) return;
  db.run('INSERT INTO node (level, idx, hash) VALUES (?, ?, ?)', height / tileHeight, index, hash);
}

/** Gone from every file of the vault: overwritten where it stood, and the write-ahead log emptied. */
function destroy(db: Database, indices: readonly bigint[]): void {
  const blank = sqliteDialect.blankedBytes;
  db.transaction(() => {
    for (const index of indices) {
      if (db.all('SELECT 1 FROM opening WHERE idx = ?', index).length === 0)
        throw new LedgerError('opening-unknown', `the log has no entry ${index}; nothing was destroyed`);
      db.run(
        `UPDATE opening SET destroyed = 1, salt = ${blank('salt')}, content = ${blank('content')} WHERE idx = ?`,
        index,
      );
    }
  });
  db.emptyWal();
}
