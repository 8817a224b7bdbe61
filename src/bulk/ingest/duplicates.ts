/** A record id that occurs twice would let one row pass on what another says: the whole file is refused. */
import type { Engine } from '../engine.ts';
import type { Cells } from './cells.ts';
import { IngestError } from './ingest-error.ts';
import type { Table } from './table.ts';

export type Written = {
  readonly table: Table;
  readonly cells: Cells;
  readonly record: string;
  readonly shown: string;
  /** No row was put aside, and there are as many ids as records. */
  readonly unique: boolean;
};

/** How many ids stand in a file of records, by their hashes: no more than there are. */
export async function distinctIds({ dialect, intake, rows }: Engine, path: string): Promise<number> {
  const [found] = await rows(
    `SELECT COUNT(DISTINCT ${intake.hash(['rid'])}) AS n FROM ${dialect.parquet(path)}`,
  );
  return Number(found?.n);
}

/** Throws `duplicate-record-id` with the first five ids and their lines. A row that was rejected counts too. */
export async function refuseDuplicates(
  engine: Engine,
  { table, cells, record, shown, unique }: Written,
): Promise<void> {
  if (unique) return;
  const id = cells.text(record);
  const all = cells.sql(table.numbered, true);
  const twice = await engine.rows(
    `SELECT ${id} AS id, MIN(line) AS first, MAX(line) AS last, COUNT(*) AS n FROM ${all} WHERE ${id} IS NOT NULL
     GROUP BY ${id} HAVING COUNT(*) > 1 ORDER BY MIN(line) LIMIT 5`,
  );
  const [first] = twice;
  if (!first) return;
  const list = twice
    .map((row) => `"${row.id}" (${row.n} times: lines ${row.first} to ${row.last})`)
    .join(', ');
  throw new IngestError(
    'duplicate-record-id',
    shown,
    `a record id occurs more than once: ${list}; each record needs an id of its own`,
    {
      line: Number(first.last),
      column: null,
    },
  );
}
