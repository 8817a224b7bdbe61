/** The whole state as it stood at one instant, table by table, for a backup. */
import type pg from 'pg';
import type { State } from './state.ts';
import { quoted, type StoredTable, storedTables } from './table-list.ts';

/** `org` is null where the table is nobody's; `*` are rows of the service itself. `rows` are read once, in order. */
export type DumpedTable = {
  readonly schema: string;
  readonly name: string;
  readonly org: string | null;
  /** JSON lines, each with its line feed. */
  readonly rows: AsyncIterable<string>;
};
export type AppliedMigration = { readonly name: string; readonly digest: string };
export type Dump = {
  readonly migrations: readonly AppliedMigration[];
  readonly organisations: readonly string[];
  readonly tables: AsyncIterable<DumpedTable>;
};

const together = 500;

/**
 * One transaction that sees nothing of what happens meanwhile. It goes through the login as any other, in the name of one
 * organisation after the other: row-level security holds here too. Tables without rows are left out.
 */
export async function dumpState<T>(state: State, work: (dump: Dump) => Promise<T>): Promise<T> {
  const client = await state.pool.connect();
  let failed = true;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<AppliedMigration>(
      'SELECT name, digest FROM astold.migration ORDER BY name',
    );
    const known = await client.query<{ org: string }>('SELECT org FROM astold.organisation ORDER BY org');
    const organisations = known.rows.map(({ org }) => org);
    const result = await work({ migrations: rows, organisations, tables: tablesOf(client, organisations) });
    await client.query('COMMIT');
    failed = false;
    return result;
  } finally {
    client.release(failed);
  }
}

async function* tablesOf(
  client: pg.ClientBase,
  organisations: readonly string[],
): AsyncGenerator<DumpedTable> {
  for (const table of await storedTables(client)) {
    for (const org of table.tenant ? ['*', ...organisations] : [null]) {
      await client.query("SELECT set_config('app.org', $1, true)", [org ?? '']);
      const { rows } = await client.query<{ any: boolean }>(
        `SELECT EXISTS (SELECT FROM ${quoted(table)}) AS any`,
      );
      if (rows[0]?.any !== true) continue;
      yield { schema: table.schema, name: table.name, org, rows: rowsOf(client, table) };
    }
  }
}

/** The database writes them itself: no value passes through a number of JavaScript. */
async function* rowsOf(client: pg.ClientBase, table: StoredTable): AsyncGenerator<string> {
  await client.query(
    `DECLARE dumped NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS line FROM ${quoted(table)} AS t`,
  );
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`FETCH ${together} FROM dumped`);
    if (rows.length === 0) break;
    yield rows.map(({ line }) => `${line}\n`).join('');
  }
  await client.query('CLOSE dumped');
}
