/** What could not be read, for the person who will mend it: `line,column,value,cause`. */
import type { Engine } from '../engine.ts';
import type { Cells } from './cells.ts';
import type { Table } from './table.ts';

/**
 * Writes the rows whose cells do not cast and the rows that could not be cut into cells; gives how many rows. No
 * file is written where there is none.
 */
export async function writeRejects(
  engine: Engine,
  table: Table,
  cells: Cells,
  bad: number,
  path: string,
): Promise<number> {
  if (bad + table.faults === 0) return 0;
  const parts: string[] = [];
  if (bad > 0) {
    const { literal } = engine.dialect;
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE ingest_bad AS SELECT * FROM ${cells.sql(table.numbered, true)} WHERE bad`,
    );
    for (const { column, text, test, cause } of cells.checks) {
      parts.push(
        `SELECT line, ${literal(column)} AS "column", ${text} AS value, ${literal(cause)} AS cause FROM ingest_bad WHERE ${test}`,
      );
    }
  }
  if (table.faultsPath !== null) {
    const faults = engine.intake.csv({
      path: table.faultsPath,
      delimiter: ',',
      skip: 0,
      columns: 4,
      parallel: false,
    });
    parts.push(`SELECT CAST(c0 AS BIGINT) AS line, c1 AS "column", c2 AS value, c3 AS cause FROM ${faults}`);
  }
  await engine.copy(
    `SELECT line, "column", value, cause FROM (${parts.join(' UNION ALL ')}) ORDER BY line, "column", cause`,
    path,
    'csv',
  );
  if (bad > 0) await engine.run('DROP TABLE ingest_bad');
  return bad + table.faults;
}
