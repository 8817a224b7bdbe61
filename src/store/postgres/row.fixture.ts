/** A row for any table of the catalogue, so that a test of every table needs no list of them. */
import type pg from 'pg';

export type Column = { readonly name: string; readonly type: string; readonly generated: boolean };
export type Table = { readonly name: string; readonly columns: readonly Column[] };

/** The tables of `astold` whose rows belong to an organisation, as the database has them. */
export async function tenantTables(client: pg.Pool | pg.ClientBase): Promise<readonly Table[]> {
  const { rows } = await client.query<{ table: string; name: string; type: string; generated: boolean }>(
    `SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, null) AS type, a.attidentity <> '' OR a.attgenerated <> '' AS generated
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'astold'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'organisation'
        AND a.attnum > 0 AND NOT a.attisdropped
        AND EXISTS (SELECT FROM pg_attribute o WHERE o.attrelid = c.oid AND o.attname = 'org')
      ORDER BY c.relname, a.attnum`,
  );
  const names = [...new Set(rows.map(({ table }) => table))];
  return names.map((name) => ({ name, columns: rows.filter(({ table }) => table === name) }));
}

const values: Readonly<Record<string, unknown>> = {
  text: 'x',
  'text[]': ['x'],
  integer: 1,
  smallint: 1,
  bigint: 1n,
  boolean: true,
  bytea: Buffer.from('x'),
  jsonb: '{}',
  date: '2026-01-01',
  'timestamp with time zone': '2026-01-01T00:00:00Z',
};

/** Inserts a row of `org` with some value in every column. */
export async function insertRow(client: pg.ClientBase, table: Table, org: string): Promise<void> {
  const columns = table.columns.filter(({ generated }) => !generated);
  const given = columns.map(({ name, type }) => {
    if (name === 'org') return org;
    if (!(type in values)) throw new Error(`no value for ${table.name}.${name}, which is ${type}`);
    return values[type];
  });
  await client.query(
    `INSERT INTO "${table.name}" (${columns.map(({ name }) => `"${name}"`).join(', ')}) VALUES (${given.map((_, i) => `$${i + 1}`).join(', ')})`,
    given,
  );
}

/** A row of nothing in particular breaks what the tables ask of each other: those constraints go, row-level security stays. */
export async function dropConstraints(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ table: string; name: string }>(
    `SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint
      WHERE connamespace = 'astold'::regnamespace AND contype IN ('c', 'f')`,
  );
  for (const { table, name } of rows) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT "${name}"`);
}
