/** The tables of a database as its catalogue has them: what a copy of the state consists of. */
import type pg from 'pg';
import { ownSchemas } from './migrate.ts';

export type StoredTable = {
  readonly schema: string;
  readonly name: string;
  /** Its rows are shown to their organisation alone. */
  readonly tenant: boolean;
  /** Its sequence, and the column that it numbers. */
  readonly numbered: { readonly sequence: string; readonly column: string } | null;
};

/** What no copy brings back: who was signed in, and links that were on their way. They are made again. */
const passing = new Set(['session', 'verification', 'lease']);

/** Every table but that of the migrations and the passing ones; each after those it refers to. */
export async function storedTables(client: pg.ClientBase): Promise<readonly StoredTable[]> {
  const { rows } = await client.query<{
    oid: number;
    schema: string;
    name: string;
    tenant: boolean;
    column: string | null;
    sequence: string | null;
    after: number[] | null;
  }>(
    `SELECT c.oid::int4 AS oid, n.nspname AS schema, c.relname AS name, c.relrowsecurity AS tenant, i.attname AS column,
       pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), i.attname) AS sequence,
       (SELECT array_agg(DISTINCT confrelid::int4) FROM pg_constraint WHERE conrelid = c.oid AND contype = 'f') AS after
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_attribute i ON i.attrelid = c.oid AND i.attidentity <> ''
     WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') ORDER BY n.nspname, c.relname`,
    [ownSchemas],
  );
  const byOid = new Map(rows.map((row) => [row.oid, row]));
  const ordered = new Set<number>();
  const add = (oid: number): void => {
    const row = byOid.get(oid);
    if (row === undefined || ordered.has(oid)) return;
    for (const other of row.after ?? []) if (other !== oid) add(other);
    ordered.add(oid);
  };
  for (const { oid } of rows) add(oid);
  return [...ordered].flatMap((oid) => {
    const row = byOid.get(oid);
    if (row === undefined || passing.has(row.name) || isMigrations(row)) return [];
    const { schema, name, tenant, column, sequence } = row;
    const numbered = column === null || sequence === null ? null : { sequence, column };
    return [{ schema, name, tenant, numbered }];
  });
}

const isMigrations = (table: { schema: string; name: string }): boolean =>
  table.schema === 'astold' && table.name === 'migration';

export const quoted = (table: { schema: string; name: string }): string =>
  `"${table.schema}"."${table.name}"`;
