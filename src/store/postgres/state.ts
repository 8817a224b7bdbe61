/** The state of the service in Postgres: one database for all organisations, each transaction as one of them. */
import type { Transaction } from 'kysely';
import type pg from 'pg';
import type { Tables } from './tables.ts';

export type Tx = Transaction<Tables>;

export type State = {
  /** `pglite` is for trying out: it never calls fsync, so a power cut can undo what it acknowledged. */
  readonly kind: 'pglite' | 'postgres';
  readonly pool: pg.Pool;
  /**
   * One transaction in the name of an organisation: row-level security shows it no other's rows. Everything in it goes
   * through `tx`: under PGlite another connection would wait for it to end. `*` is the service itself, for mail of its own.
   */
  as<T>(org: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One transaction in the name of a person who has yet to choose an organisation: it sees their roles. */
  asPerson<T>(person: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  organisations(): Promise<readonly { readonly org: string; readonly name: string }[]>;
  close(): Promise<void>;
};
