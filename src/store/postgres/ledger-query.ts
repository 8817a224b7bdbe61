/** The SQL of the ledger, which both engines understand, as Postgres is asked it. */
import { CompiledQuery } from 'kysely';
import type pg from 'pg';
import type { ReadRows, SqlCell, SqlRow } from '../ledger.ts';
import type { Tx } from './state.ts';

const numbered = new Map<string, string>();

/** `?` becomes `$1`, `$2` ... in turn; no `?` stands in the ledger's SQL for anything else. */
function withNumbers(sql: string): string {
  const found = numbered.get(sql);
  if (found !== undefined) return found;
  let n = 0;
  const made = sql.replaceAll('?', () => `$${++n}`);
  numbered.set(sql, made);
  return made;
}

export const rowsIn =
  (tx: Tx): ReadRows =>
  async (sql, ...values) =>
    (await tx.executeQuery<SqlRow>(CompiledQuery.raw(withNumbers(sql), [...values]))).rows;

export const rowsOn =
  (client: pg.ClientBase): ReadRows =>
  async (sql, ...values) =>
    (await client.query<Record<string, SqlCell>>(withNumbers(sql), [...values])).rows;
