/**
 * The ledger: every log entry with its opening, and what other modules commit with them. In a workspace it is a SQLite
 * file that one process has at a time; in the service it is in Postgres, and several servers have it at once.
 */
import type { TreeHead } from '../log/checkpoint.ts';
import type { LogContent, Opening } from '../log/entry.ts';
import type { Verifier } from '../log/keys.ts';
import type { LogProof } from '../log/proof.ts';
import type { ReadTile } from '../log/tiles.ts';
import type { LedgerDialect } from './ledger-dialect.ts';

/** Integers come as bigint, bytes as Uint8Array. */
export type SqlCell = null | bigint | number | string | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlCell>>;
/** Placeholders are `?`, whatever the engine. */
export type ReadRows = (sql: string, ...values: readonly SqlCell[]) => Promise<readonly SqlRow[]>;

/** `entry` is 32 bytes, `opening` what it commits to. */
export type Appended = { readonly index: bigint; readonly entry: Buffer; readonly opening: Opening };

export type LedgerReader = {
  readonly dialect: LedgerDialect;
  readonly all: ReadRows;
  /** Entries acknowledged, published or not, and the root of the tree of all of them. */
  head(): Promise<TreeHead>;
  entry(index: bigint): Promise<Buffer | null>;
  /** Null where there is no such entry; `destroyed` where its opening was. */
  opening(index: bigint): Promise<Opening | 'destroyed' | null>;
  /** The tiles of the tree, published or not. */
  readonly readTile: ReadTile;
};

/** What may be done in a transaction: entries and the rows that belong to them, together or not at all. */
export type LedgerTx = LedgerReader & {
  /** Milliseconds by our own clock, read while nobody else can append; never before what an earlier transaction was told. */
  now(): number;
  /** `salts`, 16 bytes each, are drawn where null. Throws LogError `entry-malformed`. */
  append(contents: readonly LogContent[], salts: readonly Buffer[] | null): Promise<readonly Appended[]>;
  run(sql: string, ...values: readonly SqlCell[]): Promise<void>;
};

/** What somebody else writes in the very transaction in which something is logged. */
export type Alongside<T> = (tx: LedgerTx, logged: T) => Promise<void>;

/** Where witnesses may be asked: whoever writes a server's documents is not one who may reach its own network. */
export type WitnessReach = 'anywhere' | 'internet' | 'internet-or-here';

/** Within `read`, `freeze` and `commit` only what they hand over may be used: else LedgerError `ledger-misused`. */
export type Ledger = LedgerReader & {
  readonly root: string;
  /** The log's public key; its name is the log's origin. */
  readonly verifier: Verifier;
  readonly witnessReach: WitnessReach;
  /** Several questions of one state of the ledger. */
  read<T>(work: (view: LedgerReader) => Promise<T>): Promise<T>;
  /** The same, with an instant: what was logged before `at` is in it, and what is logged later is not before `at` (E3). */
  freeze<T>(work: (view: LedgerReader, at: number) => Promise<T>): Promise<T>;
  /** One durable transaction; transactions of a log come one after the other. */
  commit<T>(work: (tx: LedgerTx) => Promise<T>): Promise<T>;
  /** Appends alone; calls that come together share a transaction. Resolves once the entries are on the disk. */
  append(contents: readonly LogContent[]): Promise<readonly Appended[]>;
  /**
   * For publishing, and what appears with it: no other server or process does the same for this log meanwhile. Within
   * it the ledger is used as ever; again within itself it is at once.
   */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Tables of another module beside the ledger's own: named with its own prefix, written in `commit`, read with `all`.
   * `steps` are SQL statements, run once each, in order; a later version of the module only adds steps. In Postgres the
   * tables are made by a migration of its own, and must be there.
   */
  migrate(owner: string, steps: readonly string[]): Promise<void>;
  /**
   * Makes openings unreadable for good (E8); what is destroyed already stays so. How far that goes, each ledger says.
   * Throws LedgerError `opening-unknown`, with nothing destroyed, `opening-not-destroyed`.
   */
  destroyOpenings(indices: readonly bigint[]): Promise<void>;
  /** The proof that entry `index` is in the tree of a checkpoint of this log; null where the tree had not grown so far. */
  prove(index: bigint, checkpoint: string): Promise<LogProof | null>;
  close(): Promise<void>;
};

/** Where the ledger of a workspace is. */
export type LedgerPlace = {
  /** Of the workspace: its keys and its published log are there. */
  readonly root: string;
  /** Whether there is, or ever was, a ledger: a workspace that never logged anything is given none for being looked at. */
  begun(): Promise<boolean>;
  /**
   * Opens the ledger, and makes it where there never was one; waits up to `waitMs` for another to let go. Refuses a
   * ledger that does not bear out the checkpoint published from it. Throws KeyError, LedgerError, LogError.
   */
  open(options: { readonly waitMs: number }): Promise<Ledger>;
};
