/** What could not be read, for the person who will mend it: `line,column,value,cause,record`. */
import { join } from 'node:path';
import type { Engine } from '../engine.ts';
import type { Cells } from './cells.ts';
import type { Table } from './table.ts';

/** Temporary table of what may be the record id of a row that was put aside, `id`, in lower case. */
export const rejectedTable = 'ingest_rejected';

/** Leaves `rejectedTable`, of the `rejected.parquet` of a snapshot. */
export async function rememberRejected(engine: Engine, path: string): Promise<void> {
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE ${rejectedTable} AS SELECT id FROM ${engine.dialect.parquet(path)}`,
  );
}

/**
 * Writes the rows whose cells do not cast and the rows that could not be cut into cells; gives how many rows. No
 * `rejects.csv` is written where there is none; `rejected.parquet` always: what may be the record ids of those rows.
 */
export async function writeRejects(
  engine: Engine,
  table: Table,
  cells: Cells,
  { bad, record }: { readonly bad: number; readonly record: string },
  dir: string,
): Promise<number> {
  const ids: string[] = [];
  if (bad + table.faults === 0) {
    await writeIds(engine, ids, dir);
    return 0;
  }
  const parts: string[] = [];
  if (bad > 0) {
    const { literal } = engine.dialect;
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE ingest_bad AS SELECT * FROM ${cells.sql(table.numbered, true)} WHERE bad`,
    );
    for (const { column, text, test, cause } of cells.checks) {
      parts.push(
        `SELECT line, ${literal(column)} AS "column", ${text} AS value, ${literal(cause)} AS cause, ${cells.text(record)} AS record FROM ingest_bad WHERE ${test}`,
      );
    }
    ids.push(`SELECT ${cells.text(record)} AS id FROM ingest_bad`);
  }
  if (table.faultsPath !== null) {
    parts.push(
      `SELECT CAST(c0 AS BIGINT) AS line, c1 AS "column", c2 AS value, c3 AS cause, CAST(NULL AS VARCHAR) AS record FROM ${plainCsv(engine, table.faultsPath, 4)}`,
    );
  }
  if (table.faultWordsPath !== null)
    ids.push(`SELECT c0 AS id FROM ${plainCsv(engine, table.faultWordsPath, 1)}`);
  await writeIds(engine, ids, dir);
  await engine.copy(
    `SELECT line, "column", value, cause, record FROM (${parts.join(' UNION ALL ')}) ORDER BY line, "column", cause`,
    join(dir, 'rejects.csv'),
    'csv',
  );
  if (bad > 0) await engine.run('DROP TABLE ingest_bad');
  return bad + table.faults;
}

/**
 * Writes where the rows are that could not be cut into cells, and why: `line,cause`. What they say, perhaps in the
 * words of a person who wrote to us, is kept nowhere. No file is written where there is none.
 */
export async function writeCauses(
  engine: Engine,
  faultsPaths: readonly string[],
  path: string,
): Promise<void> {
  if (faultsPaths.length === 0) return;
  const causes = faultsPaths.map(
    (faults) => `SELECT CAST(c0 AS BIGINT) AS line, c3 AS cause FROM ${plainCsv(engine, faults, 4)}`,
  );
  await engine.copy(`${causes.join(' UNION ALL ')} ORDER BY 1, 2`, path, 'csv');
}

const plainCsv = ({ intake }: Engine, path: string, columns: number): string =>
  intake.csv({ path, delimiter: ',', skip: 0, columns, parallel: false });

async function writeIds(engine: Engine, ids: readonly string[], dir: string): Promise<void> {
  const all = ids.join(' UNION ALL ') || 'SELECT CAST(NULL AS VARCHAR) AS id';
  await engine.copy(
    `SELECT DISTINCT lower(id) AS id FROM (${all}) WHERE id IS NOT NULL ORDER BY id`,
    join(dir, 'rejected.parquet'),
    'parquet',
  );
}

/** The lines of `rejects.csv` on which a record id stands, or may stand; at most five. */
export async function rejectedLines(
  engine: Engine,
  path: string,
  record: string,
): Promise<readonly number[]> {
  const table = engine.intake.csv({ path, delimiter: ',', skip: 1, columns: 5, parallel: false });
  const id = engine.dialect.literal(record.trim().toLowerCase());
  const rows = await engine.rows(
    `SELECT DISTINCT CAST(c0 AS BIGINT) AS line FROM ${table} WHERE lower(c4) = ${id} OR c4 IS NULL AND strpos(lower(c2), ${id}) > 0 ORDER BY 1 LIMIT 5`,
  );
  return rows.map((row) => Number(row.line));
}
