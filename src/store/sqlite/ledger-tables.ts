/** The ledger's own tables, and those that other modules keep beside them. */
import { createHash } from 'node:crypto';
import type { CompactRange } from '../../log/compact-range.ts';
import { bytesOf, damaged } from '../ledger-cells.ts';
import { edgeBytes, edgeOf } from '../ledger-edge.ts';
import { LedgerError } from '../ledger-error.ts';
import type { Database } from './database.ts';

/**
 * `entry` holds what is public; `opening` what is not, kept apart and overwritten in place when it is destroyed; `node`
 * the roots of full tiles: `level` 1 stands over 256 entries.
 */
const own = `
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, origin TEXT NOT NULL,
  size INTEGER NOT NULL, edge BLOB NOT NULL) STRICT;
CREATE TABLE entry (idx INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;
CREATE TABLE opening (idx INTEGER PRIMARY KEY, destroyed INTEGER NOT NULL, salt BLOB NOT NULL, content BLOB NOT NULL) STRICT;
CREATE TABLE node (level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx)) STRICT, WITHOUT ROWID;
CREATE TABLE migration (owner TEXT NOT NULL, step INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (owner, step)) STRICT;
`;
const version = 1n;

/** Makes the tables where there are none. Throws LedgerError `ledger-version`, `ledger-other-log`. */
export function prepareTables(db: Database, origin: string): void {
  const [found] = db.all("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'");
  if (found?.n === 0n) {
    db.transaction(() => {
      for (const sql of own.split(';').filter((part) => part.trim() !== '')) db.run(sql);
      db.run("INSERT INTO head (one, version, origin, size, edge) VALUES (1, ?, ?, 0, x'')", version, origin);
    });
    return;
  }
  const [head] = db.all('SELECT version, origin FROM head');
  if (head?.version !== version)
    throw new LedgerError('ledger-version', 'the ledger was written by another version of this program');
  if (head.origin !== origin) {
    throw new LedgerError(
      'ledger-other-log',
      `the ledger is of the log ${String(head.origin)}, and the key of ${origin}; put the right one back`,
    );
  }
}

/** The size and the edge of the tree. Throws LedgerError `ledger-damaged`. */
export function readHead(db: Database): CompactRange {
  const [head] = db.all('SELECT size, edge FROM head');
  const [entries] = db.all('SELECT max(idx) AS last FROM entry');
  const size = head?.size;
  if (typeof size !== 'bigint' || (entries?.last ?? -1n) !== size - 1n)
    throw damaged('its head and its entries do not agree');
  return edgeOf(size, bytesOf(head?.edge));
}

export function writeHead(db: Database, range: CompactRange): void {
  db.run('UPDATE head SET size = ?, edge = ?', range.size, edgeBytes(range));
}

/**
 * Tables of another module: `steps` are run once each, in order, for ever; a later version only adds steps. Throws
 * LedgerError `ledger-version` where a step that was run is gone or reads otherwise.
 */
export function migrate(db: Database, owner: string, steps: readonly string[]): void {
  const digests = steps.map((sql) => createHash('sha256').update(sql).digest('hex'));
  const done = db.all('SELECT step, digest FROM migration WHERE owner = ? ORDER BY step', owner);
  if (
    done.length > steps.length ||
    done.some((row, i) => row.step !== BigInt(i) || row.digest !== digests[i])
  ) {
    throw new LedgerError(
      'ledger-version',
      `the tables of "${owner}" in the ledger were made by another version of this program`,
    );
  }
  if (done.length === steps.length) return;
  db.transaction(() => {
    for (let i = done.length; i < steps.length; i++) {
      db.run(steps[i] ?? '');
      db.run('INSERT INTO migration (owner, step, digest) VALUES (?, ?, ?)', owner, i, digests[i] ?? '');
    }
  });
}
