/** The area of each postcode, of any `postcode,area` CSV. */
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { requireColumns } from './columns.ts';
import { type Aside, type Opened, readTable } from './table.ts';

export const areasTable = 'ingest_areas';

/** Leaves a temporary table of `postcode` (folded) and `area`; a postcode of two areas has none, and is counted. */
export async function readAreas(
  engine: Engine,
  areas: NonNullable<Source['areas']>,
  opened: Opened,
  aside: Aside,
): Promise<number> {
  const { intake } = engine;
  let single = false;
  await readTable(engine, opened, aside, async (table) => {
    requireColumns(table, opened.file.path, [areas.postcode, areas.area]);
    const cell = (name: string): string => intake.trim(table.column(name), table.exotic);
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE ${areasTable} AS
       SELECT ${intake.foldPostcode(cell(areas.postcode))} AS postcode, ${cell(areas.area)} AS area FROM ${table.sql}`,
    );
    const [counted] = await engine.rows(
      `SELECT COUNT(*) AS n, COUNT(*) = COUNT(DISTINCT ${intake.hash(['postcode'])}) AS single FROM ${areasTable}`,
    );
    single = counted?.single === true;
    return Number(counted?.n);
  });
  // As many hashes as rows: each postcode stands once, and there is nothing to gather.
  if (single) return 0;
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE ${areasTable} AS
     SELECT postcode, CASE WHEN MIN(area) = MAX(area) THEN MIN(area) END AS area, COUNT(area) AS known FROM ${areasTable} GROUP BY postcode`,
  );
  const [conflicting] = await engine.rows(
    `SELECT COUNT(*) AS n FROM ${areasTable} WHERE postcode IS NOT NULL AND known > 0 AND area IS NULL`,
  );
  return Number(conflicting?.n);
}
