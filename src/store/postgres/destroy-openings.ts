/** Making openings unreadable in Postgres, as far as it can be told to. */
import type { ReadRows } from '../ledger.ts';
import { postgresDialect } from '../ledger-dialect.ts';
import { LedgerError } from '../ledger-error.ts';
import { withClient } from './connection.ts';
import { erasedTables } from './migrations/002-ledger.ts';
import type { State } from './state.ts';

const { blankedBytes } = postgresDialect;
/** Since this version somebody who owns no table may be let vacuum it: GRANT MAINTAIN. */
const grantable = 170_000;

/** In a transaction. Throws LedgerError `opening-unknown`. */
export async function blankOpenings(all: ReadRows, indices: readonly bigint[]): Promise<void> {
  for (const index of indices) {
    const found = await all('SELECT idx FROM opening WHERE idx = ?', index);
    if (found.length === 0)
      throw new LedgerError('opening-unknown', `the log has no entry ${index}; nothing was destroyed`);
    await all(
      `UPDATE opening SET destroyed = 1, salt = ${blankedBytes('salt')}, content = ${blankedBytes('content')} WHERE idx = ?`,
      index,
    );
  }
}

/**
 * Takes away the versions of rows that were written over, once that is committed: no query finds them again. Postgres
 * promises no more: their bytes can stay in a page until it is written anew, in the write-ahead log until that is
 * recycled, on replicas, and in backups until those are replaced; and versions that an older transaction can still see
 * stay until a later vacuum. Before Postgres 17 nobody but their owner may vacuum tables: there it is left to autovacuum
 * where the login is another. Throws LedgerError `opening-not-destroyed` where the login could be let, and is not.
 */
export async function vacuumErased({ connection }: Pick<State, 'connection'>): Promise<void> {
  const refusals: string[] = [];
  // On a connection of its own: a large table may take longer than a statement of the service's is given.
  const version = await withClient({ ...connection, statement_timeout: 0 }, async (client) => {
    client.on('notice', ({ severity, message }) => {
      if (severity === 'WARNING') refusals.push(message ?? '');
    });
    await client.query(`VACUUM ${erasedTables.join(', ')}`);
    const { rows } = await client.query("SELECT current_setting('server_version_num')::int AS version");
    return Number(rows[0]?.version);
  });
  if (refusals.length > 0 && version >= grantable)
    throw new LedgerError(
      'opening-not-destroyed',
      `what was erased cannot be read any more, and the database would not clear it away: ${refusals.join('; ')}; let the login vacuum (GRANT MAINTAIN), and erase again`,
    );
}
