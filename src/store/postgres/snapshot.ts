/** Reading several things of one state of the database while others go on writing. */
import pg from 'pg';
import type { ReadRows } from '../ledger.ts';
import { asStateError } from './connection.ts';
import { rowsOn } from './ledger-query.ts';
import type { State } from './state.ts';

export type Snapshot = {
  /** What it is of is fixed when it is first asked. */
  readonly all: ReadRows;
  end(): Promise<void>;
  /** Ends it, and gives what is to be thrown. */
  fail(error: unknown): Promise<unknown>;
};

/** In the name of an organisation, on a connection of the pool; one of `end` and `fail` is to be called. Throws StateError. */
export async function openSnapshot({ pool }: Pick<State, 'pool'>, org: string): Promise<Snapshot> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asStateError(error);
  });
  const snapshot: Snapshot = {
    all: rowsOn(client),
    async end() {
      await client.query('COMMIT');
      client.release();
    },
    async fail(error) {
      const broken = await client.query('ROLLBACK').then(
        () => undefined,
        (cause: Error) => cause,
      );
      client.release(broken);
      return asStateError(error);
    },
  };
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Not by a SELECT, which would fix what the snapshot is of.
    await client.query(`SET LOCAL app.org = ${pg.escapeLiteral(org)}`);
    // The whole of a large log may be asked for.
    await client.query('SET LOCAL statement_timeout = 0');
    return snapshot;
  } catch (error) {
    throw await snapshot.fail(error);
  }
}

export async function closing<T>(snapshot: Snapshot, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await snapshot.end();
    return result;
  } catch (error) {
    throw await snapshot.fail(error);
  }
}

/** Throws StateError `database-unreachable`. Under PGlite nobody else goes on meanwhile: only `all` may be used in it. */
export async function inSnapshot<T>(
  state: Pick<State, 'pool'>,
  org: string,
  work: (all: ReadRows) => Promise<T>,
): Promise<T> {
  const snapshot = await openSnapshot(state, org);
  return closing(snapshot, () => work(snapshot.all));
}
