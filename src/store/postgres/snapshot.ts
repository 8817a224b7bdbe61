/** Reading several things of one state of the database while others go on writing. */
import type { ReadRows } from '../ledger.ts';
import { asStateError } from './connection.ts';
import { rowsOn } from './ledger-query.ts';
import type { State } from './state.ts';

/** In the name of an organisation. Throws StateError `database-unreachable`. Under PGlite nobody else goes on meanwhile: only `all` may be used in it. */
export async function inSnapshot<T>(
  { pool }: Pick<State, 'pool'>,
  org: string,
  work: (all: ReadRows) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asStateError(error);
  });
  let broken: Error | undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query("SELECT set_config('app.org', $1, true)", [org]);
    // The whole of a large log may be asked for.
    await client.query("SELECT set_config('statement_timeout', '0', true)");
    const result = await work(rowsOn(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((cause: Error) => {
      broken = cause;
    });
    throw asStateError(error);
  } finally {
    client.release(broken);
  }
}
