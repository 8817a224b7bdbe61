/** The state of the service in Postgres: one database for all organisations, each transaction as one of them. */
import type { Compilable, QueryCreator, Transaction } from 'kysely';
import type pg from 'pg';
import type { StateErrorCode } from './state-error.ts';
import type { Tables } from './tables.ts';

export type Tx = Transaction<Tables>;

/** Selects, each with the shape of its rows. */
export type Look<Rows extends readonly unknown[]> = (db: QueryCreator<Tables>) => {
  readonly [I in keyof Rows]: Compilable<Rows[I]>;
};
export type Looked<Rows extends readonly unknown[]> = { readonly [I in keyof Rows]: readonly Rows[I][] };

export type Health =
  /** `durable`: what is acknowledged survives a power cut, if the server is set up so. */
  | { readonly kind: 'up'; readonly version: string; readonly durable: boolean }
  | { readonly kind: 'down'; readonly code: StateErrorCode; readonly message: string };

export type State = {
  /** `pglite` is for trying out: it never calls fsync, so a power cut can undo what it acknowledged. */
  readonly kind: 'pglite' | 'postgres';
  readonly pool: pg.Pool;
  /** For what keeps connections of its own; the schema `pgboss` is there for its tables. */
  readonly connection: pg.PoolConfig;
  /**
   * One transaction in the name of an organisation: row-level security shows it no other's rows. Everything in it goes
   * through `tx`: under PGlite another connection would wait for it to end. `*` is the service itself, for mail of its own.
   * Throws StateError `database-unreachable` with nothing done, `commit-unknown`.
   */
  as<T>(org: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One transaction in the name of a person who has yet to choose an organisation: it sees their roles. */
  asPerson<T>(person: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Selects in the name of an organisation, in a single message to the database, and the rows of each: for what is asked
   * often. Their parameters are texts, whole numbers and times; what they read is no part of a transaction that writes.
   */
  look<Rows extends readonly unknown[]>(org: string, selects: Look<Rows>): Promise<Looked<Rows>>;
  /** The same in the name of a person. */
  lookAsPerson<Rows extends readonly unknown[]>(person: string, selects: Look<Rows>): Promise<Looked<Rows>>;
  organisations(): Promise<readonly { readonly org: string; readonly name: string }[]>;
  health(): Promise<Health>;
  close(): Promise<void>;
};
