/** The state of the service in Postgres: one database for all organisations, each transaction as one of them. */
import type { Compilable, QueryCreator, Transaction } from 'kysely';
import type pg from 'pg';
import type { StateErrorCode } from './state-error.ts';
import type { Tables } from './tables.ts';

export type Tx = Transaction<Tables>;

export type Look<Row> = (db: QueryCreator<Tables>) => Compilable<Row>;

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
   * One select in the name of an organisation, in a single message to the database: for what every request asks. Its
   * parameters are texts; what it reads is no part of any transaction.
   */
  look<Row>(org: string, select: Look<Row>): Promise<readonly Row[]>;
  /** The same in the name of a person. */
  lookAsPerson<Row>(person: string, select: Look<Row>): Promise<readonly Row[]>;
  organisations(): Promise<readonly { readonly org: string; readonly name: string }[]>;
  health(): Promise<Health>;
  close(): Promise<void>;
};
