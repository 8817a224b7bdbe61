/**
 * The ledger: every log entry with its opening, and what other modules commit with them; `vault/ledger.sqlite`. One
 * process has it at a time. What it acknowledges is on the disk, and survives the process being killed at any instant.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SQLInputValue } from 'node:sqlite';
import { readLogVerifier } from '../documents/log-key.ts';
import { readRegular } from '../documents/regular-file.ts';
import { type Checkpoint, openCheckpoint } from '../log/checkpoint.ts';
import { appendLeaves, rangeRoot, type Whole } from '../log/compact-range.ts';
import { contentText, entryOf, type LogContent, newSalts, type Opening } from '../log/entry.ts';
import type { Verifier } from '../log/keys.ts';
import { LogError } from '../log/log-error.ts';
import { leafHash } from '../log/merkle.ts';
import { noteText } from '../log/note.ts';
import type { LogProof } from '../log/proof.ts';
import { type ReadTile, tileHeight } from '../log/tiles.ts';
import { openTree } from '../log/tree-reader.ts';
import { type Database, openDatabase, type SqlRow } from './database.ts';
import { LedgerError } from './ledger-error.ts';
import { bytesOf, migrate, prepareTables, readHead, writeHead } from './ledger-tables.ts';
import { ledgerTiles } from './ledger-tiles.ts';
import { begunFile, ledgerFile, logFolder } from './places.ts';

/** `entry` is 32 bytes, `opening` what it commits to. */
export type Appended = { readonly index: bigint; readonly entry: Buffer; readonly opening: Opening };

/** What may be done in a transaction: entries and the rows that belong to them, together or not at all. */
export type LedgerTx = {
  /** `salts`, 16 bytes each, are drawn where null. Throws LogError `entry-malformed`. */
  append(contents: readonly LogContent[], salts: readonly Buffer[] | null): readonly Appended[];
  run(sql: string, ...values: readonly SQLInputValue[]): void;
  all(sql: string, ...values: readonly SQLInputValue[]): readonly SqlRow[];
};

export type Ledger = {
  readonly root: string;
  /** The log's public key; its name is the log's origin. */
  readonly verifier: Verifier;
  /** Entries acknowledged, published or not. */
  size(): bigint;
  /** The root of the tree of all of them. */
  treeRoot(): Buffer;
  /** One durable transaction. `work` may not wait for anything. */
  commit<T>(work: (tx: LedgerTx) => T): T;
  /** Appends alone; calls of one turn of the event loop share a transaction. Resolves once the entries are on the disk. */
  append(contents: readonly LogContent[]): Promise<readonly Appended[]>;
  /**
   * Tables of another module beside the ledger's own: named with its own prefix, written in `commit`, read with `all`.
   * `steps` are SQL statements, run once each, in order; a later version of the module only adds steps.
   */
  migrate(owner: string, steps: readonly string[]): void;
  all(sql: string, ...values: readonly SQLInputValue[]): readonly SqlRow[];
  entry(index: bigint): Buffer | null;
  /** Null where there is no such entry; `destroyed` where its opening was. */
  opening(index: bigint): Opening | 'destroyed' | null;
  /**
   * Makes openings unreadable for good, in every file of the vault (E8); what is destroyed already stays so. Throws
   * LedgerError `opening-unknown`, with nothing destroyed, `opening-not-destroyed`.
   */
  destroyOpenings(indices: readonly bigint[]): void;
  /** The tiles of the tree, published or not. */
  readonly readTile: ReadTile;
  /** The proof that entry `index` is in the tree of a checkpoint of this log; null where the tree had not grown so far. */
  prove(index: bigint, checkpoint: string): Promise<LogProof | null>;
  close(): void;
};

/**
 * Opens the ledger of the workspace at `root`, and makes it where there never was one; waits up to `waitMs` for another
 * process to let go. Refuses a ledger that does not bear out the checkpoint published from it. Throws KeyError,
 * LedgerError, LogError.
 */
export async function openLedger(root: string, options: { readonly waitMs: number }): Promise<Ledger> {
  const verifier = await readLogVerifier(root);
  requireNotLost(root);
  const db = await openDatabase(join(root, ledgerFile), options.waitMs);
  try {
    prepareTables(db, verifier.name);
    const ledger = ledgerOn(db, root, verifier);
    await requirePublished(ledger);
    markBegun(root);
    return ledger;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A ledger begun anew under the same key would forget who said stop, and fork the log. */
function requireNotLost(root: string): void {
  const begun = [begunFile, join(logFolder, 'checkpoint')].some((file) => existsSync(join(root, file)));
  if (existsSync(join(root, ledgerFile)) || !begun) return;
  throw new LedgerError(
    'ledger-missing',
    `${join(root, ledgerFile)} is not there, and there was one under this log's key: every stop recorded here is in it; put the vault back from its copy`,
  );
}

function markBegun(root: string): void {
  const path = join(root, begunFile);
  if (!existsSync(path))
    writeFileSync(path, 'The ledger of this key was begun: vault/ledger.sqlite\n', { mode: 0o600 });
}

/** The checkpoint that stands in the log's folder; null where nothing is published. Throws LogError. */
export async function publishedCheckpoint(
  root: string,
  verifier: Verifier,
): Promise<{ text: string; checkpoint: Checkpoint } | null> {
  const path = join(root, logFolder, 'checkpoint');
  try {
    const text = noteText(await readRegular(path));
    return { text, checkpoint: openCheckpoint(text, verifier) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    if (!(error instanceof LogError)) throw error;
    throw new LogError(error.code, `${path}: ${error.message}; put back the one that was published`, {
      cause: error,
    });
  }
}

/** What was once signed for must still be so: a ledger that has lost or changed entries may not go on (a fork). */
async function requirePublished(ledger: Ledger): Promise<void> {
  const published = await publishedCheckpoint(ledger.root, ledger.verifier);
  if (published === null) return;
  const { size, root } = published.checkpoint;
  if (size > ledger.size()) {
    throw new LedgerError(
      'ledger-behind',
      `the ledger has ${ledger.size()} entries and its published checkpoint ${size}: it is an old copy; put the latest back`,
    );
  }
  if (!(await openTree(size, ledger.readTile).root()).equals(root)) {
    throw new LedgerError(
      'ledger-forked',
      `the ledger's first ${size} entries are not those of its published checkpoint; put the right one back`,
    );
  }
}

type Prepared = {
  readonly content: LogContent;
  readonly text: string;
  readonly salt: Buffer;
  readonly entry: Buffer;
};
/** A transaction that takes entries made before it began. */
type GrowingTx = LedgerTx & { grow(prepared: readonly Prepared[]): readonly Appended[] };
type Waiting = {
  readonly prepared: readonly Prepared[];
  readonly resolve: (appended: readonly Appended[]) => void;
  readonly reject: (error: unknown) => void;
};

function ledgerOn(db: Database, root: string, verifier: Verifier): Ledger {
  let head = readHead(db);
  let waiting: Waiting[] = [];
  const readTile = ledgerTiles(db, () => head.size);

  const commit = <T>(work: (tx: GrowingTx) => T): T => {
    let grown = head;
    const grow = (prepared: readonly Prepared[]): readonly Appended[] => {
      const appended = insert(db, grown.size, prepared);
      grown = appendLeaves(
        grown,
        appended.map(({ entry }) => leafHash(entry)),
        (whole) => keepTileRoot(db, whole),
      );
      return appended;
    };
    try {
      const result = db.transaction(() => {
        const done = work({
          append: (contents, salts) => grow(prepare(contents, salts)),
          grow,
          run: db.run,
          all: db.all,
        });
        if (grown !== head) writeHead(db, grown);
        return done;
      });
      head = grown;
      return result;
    } catch (error) {
      // What the file holds is what is true, whatever failed.
      if (db.isOpen()) head = readHead(db);
      throw error;
    }
  };

  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    let results: readonly (readonly Appended[])[];
    try {
      results = commit((tx) => batch.map(({ prepared }) => tx.grow(prepared)));
    } catch (error) {
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const [i, { resolve }] of batch.entries()) resolve(results[i] ?? []);
  };

  return {
    root,
    verifier,
    size: () => head.size,
    treeRoot: () => rangeRoot(head),
    commit,
    append(contents) {
      return new Promise((resolve, reject) => {
        // What cannot be written fails alone, before it shares a transaction with others.
        if (waiting.push({ prepared: prepare(contents, null), resolve, reject }) === 1) setImmediate(flush);
      });
    },
    migrate: (owner, steps) => migrate(db, owner, steps),
    all: db.all,
    entry: (index) => bytesOf(db.all('SELECT hash FROM entry WHERE idx = ?', index)[0]?.hash),
    opening: (index) => openingOf(db, index),
    destroyOpenings: (indices) => destroy(db, indices),
    readTile,
    prove: (index, checkpoint) => prove(readTile, verifier, index, checkpoint),
    close: db.close,
  };
}

function prepare(contents: readonly LogContent[], salts: readonly Buffer[] | null): readonly Prepared[] {
  const drawn = salts ?? newSalts(contents.length);
  if (drawn.length !== contents.length)
    throw new LedgerError(
      'ledger-misused',
      `${contents.length} entries want as many salts, not ${drawn.length}`,
    );
  return contents.map((content, i) => {
    const [salt, text] = [drawn[i] ?? Buffer.alloc(0), contentText(content)];
    return { content, text, salt, entry: entryOf(text, salt) };
  });
}

function insert(db: Database, size: bigint, prepared: readonly Prepared[]): readonly Appended[] {
  return prepared.map(({ content, text, salt, entry }, i) => {
    const index = size + BigInt(i);
    db.run('INSERT INTO entry VALUES (?, ?)', index, entry);
    db.run('INSERT INTO opening VALUES (?, 0, ?, ?)', index, salt, Buffer.from(text));
    return { index, entry, opening: { salt: salt.toString('hex'), content } };
  });
}

/** The root of a full tile is a hash of the level of tiles above it. */
function keepTileRoot(db: Database, { height, index, hash }: Whole): void {
  if (height % tileHeight !== 0) return;
  db.run('INSERT INTO node VALUES (?, ?, ?)', height / tileHeight, index, hash);
}

function openingOf(db: Database, index: bigint): Opening | 'destroyed' | null {
  const [row] = db.all('SELECT destroyed, salt, content FROM opening WHERE idx = ?', index);
  if (row === undefined) return null;
  const [salt, content] = [bytesOf(row.salt), bytesOf(row.content)];
  if (row.destroyed !== 0n || salt === null || content === null) return 'destroyed';
  return { salt: salt.toString('hex'), content: JSON.parse(content.toString('utf8')) as LogContent };
}

function destroy(db: Database, indices: readonly bigint[]): void {
  db.transaction(() => {
    for (const index of indices) {
      if (db.all('SELECT 1 FROM opening WHERE idx = ?', index).length === 0)
        throw new LedgerError('opening-unknown', `the log has no entry ${index}; nothing was destroyed`);
      // As long as what stood there, so that it is overwritten where it stands: a row that moved would leave a copy.
      db.run(
        'UPDATE opening SET destroyed = 1, salt = zeroblob(length(salt)), content = zeroblob(length(content)) WHERE idx = ?',
        index,
      );
    }
  });
  db.emptyWal();
}

async function prove(
  readTile: ReadTile,
  verifier: Verifier,
  index: bigint,
  note: string,
): Promise<LogProof | null> {
  const { size } = openCheckpoint(note, verifier);
  if (index >= size) return null;
  const tree = openTree(size, readTile);
  const [entry, proof] = await Promise.all([tree.entry(index), tree.inclusionProof(index)]);
  return {
    entry: entry.toString('hex'),
    index: index.toString(),
    size: size.toString(),
    proof: proof.map((hash) => hash.toString('hex')),
    checkpoint: note,
  };
}
