/** The rows of a backup into a database that has none. */
import type pg from 'pg';
import type { State } from './state.ts';
import { StateError } from './state-error.ts';
import { quoted, type StoredTable, storedTables } from './table-list.ts';

/** Lines are without their line feed. */
export type TableToLoad = {
  readonly schema: string;
  readonly name: string;
  readonly org: string | null;
  readonly lines: () => AsyncIterable<string>;
};

const together = 500;

/**
 * Loads all of it in one transaction, or nothing. `given` may be in any order. Throws StateError `state-not-empty`,
 * `table-unknown`.
 */
export async function loadState(state: State, given: readonly TableToLoad[]): Promise<void> {
  const client = await state.pool.connect();
  let failed = true;
  try {
    await client.query('BEGIN');
    const tables = await storedTables(client);
    await requireEmpty(client, tables);
    requireKnown(tables, given);
    for (const table of tables) {
      for (const part of given.filter((each) => isOf(each, table))) await load(client, table, part);
      if (table.numbered !== null) await number(client, table, given);
    }
    await client.query('COMMIT');
    failed = false;
  } finally {
    client.release(failed);
  }
}

/** What no organisation is named for can be seen by the service; without organisations there is nothing else. */
async function requireEmpty(client: pg.ClientBase, tables: readonly StoredTable[]): Promise<void> {
  await client.query("SELECT set_config('app.org', '*', true)");
  for (const table of tables) {
    const { rowCount } = await client.query(`SELECT FROM ${quoted(table)} LIMIT 1`);
    if (rowCount !== 0)
      throw new StateError(
        'state-not-empty',
        `the database is not empty: ${table.schema}.${table.name} has rows`,
      );
  }
}

function requireKnown(tables: readonly StoredTable[], given: readonly TableToLoad[]): void {
  const unknown = given.find(
    (part) => !tables.some((table) => isOf(part, table) && table.tenant === (part.org !== null)),
  );
  if (unknown !== undefined) {
    throw new StateError(
      'table-unknown',
      `${unknown.schema}.${unknown.name} is no table of this database, or is kept otherwise there`,
    );
  }
}

const isOf = (part: { schema: string; name: string }, table: StoredTable): boolean =>
  part.schema === table.schema && part.name === table.name;

async function load(client: pg.ClientBase, table: StoredTable, part: TableToLoad): Promise<void> {
  await client.query("SELECT set_config('app.org', $1, true)", [part.org ?? '']);
  const insert = async (lines: readonly string[]): Promise<void> => {
    await client.query(
      `INSERT INTO ${quoted(table)} OVERRIDING SYSTEM VALUE
       SELECT row.* FROM unnest($1::text[]) AS line, json_populate_record(NULL::${quoted(table)}, line::json) AS row`,
      [lines],
    );
  };
  let waiting: string[] = [];
  for await (const line of part.lines()) {
    waiting.push(line);
    if (waiting.length < together) continue;
    await insert(waiting);
    waiting = [];
  }
  if (waiting.length > 0) await insert(waiting);
}

/** New rows are numbered after those that were loaded. The login may draw numbers, not set them. */
async function number(
  client: pg.ClientBase,
  table: StoredTable,
  given: readonly TableToLoad[],
): Promise<void> {
  const { numbered } = table;
  if (numbered === null) return;
  let highest = 0n;
  for (const { org } of given.filter((part) => isOf(part, table))) {
    await client.query("SELECT set_config('app.org', $1, true)", [org ?? '']);
    const { rows } = await client.query<{ highest: bigint | null }>(
      `SELECT max("${numbered.column}")::int8 AS highest FROM ${quoted(table)}`,
    );
    const [row] = rows;
    if (row?.highest != null && row.highest > highest) highest = row.highest;
  }
  if (highest === 0n) return;
  await client.query(
    'SELECT max(nextval($1::regclass)) FROM generate_series(1, $2::int8 - nextval($1::regclass))',
    [numbered.sequence, highest],
  );
}
