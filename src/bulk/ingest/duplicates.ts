/** A record id that occurs twice would let one row pass on what another says: the whole file is refused. */
import type { Engine } from '../engine.ts';
import type { Cells } from './cells.ts';
import { IngestError } from './ingest-error.ts';
import type { Table } from './table.ts';

export type Written = {
  readonly path: string;
  readonly table: Table;
  readonly cells: Cells;
  readonly record: string;
  readonly shown: string;
  readonly records: number;
  readonly rejects: number;
};

/** Throws `duplicate-record-id` with the first five ids and their lines. A row that was rejected counts too. */
export async function refuseDuplicates(
  engine: Engine,
  { path, table, cells, record, shown, records, rejects }: Written,
): Promise<void> {
  const { dialect, intake } = engine;
  if (rejects === 0) {
    // As many hashes as records: then no two ids are the same.
    const [distinct] = await engine.rows(
      `SELECT COUNT(DISTINCT ${intake.hash(['rid'])}) AS n FROM ${dialect.parquet(path)}`,
    );
    if (Number(distinct?.n) === records) return;
  }
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
