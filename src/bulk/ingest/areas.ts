/** The area of each postcode, of any `postcode,area` CSV. */
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { requireColumns } from './columns.ts';
import { unordered } from './layered.ts';
import { type Aside, type Opened, readTable } from './table.ts';

export const areasTable = 'ingest_areas';

export type Areas = {
  /**
   * Makes each postcode stand once, where one does not: one of two areas has none then. Gives how many of those there
   * are, or null where there was nothing to settle. To be asked where a record may have met its postcode twice.
   */
  settle(): Promise<number | null>;
};

/** Leaves a temporary table of `postcode` (folded) and `area`, as the file has them. */
export async function readAreas(
  engine: Engine,
  areas: NonNullable<Source['areas']>,
  opened: Opened,
  aside: Aside,
): Promise<Areas> {
  const { intake } = engine;
  await readTable(engine, opened, aside, async (table) => {
    requireColumns(table, opened.file.path, [areas.postcode, areas.area]);
    const cell = (name: string): string => table.trimmed(name);
    await unordered(engine, () =>
      engine.run(
        `CREATE OR REPLACE TEMP TABLE ${areasTable} AS SELECT ${intake.foldPostcode('postcode', table.exotic)} AS postcode, area FROM
           (SELECT ${cell(areas.postcode)} AS postcode, ${cell(areas.area)} AS area FROM ${table.sql})`,
      ),
    );
    const [counted] = await engine.rows(`SELECT COUNT(*) AS n FROM ${areasTable}`);
    return Number(counted?.n);
  });
  let settled: Promise<number | null> | null = null;
  return {
    settle: () => {
      settled ??= settle(engine);
      return settled;
    },
  };
}

async function settle(engine: Engine): Promise<number | null> {
  // As many hashes as rows: each postcode stands once, and there is nothing to gather.
  const [counted] = await engine.rows(
    `SELECT COUNT(*) = COUNT(DISTINCT ${engine.intake.hash(['postcode'])}) AS single FROM ${areasTable}`,
  );
  if (counted?.single === true) return null;
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE ${areasTable} AS
     SELECT postcode, CASE WHEN MIN(area) = MAX(area) THEN MIN(area) END AS area, COUNT(area) AS known FROM ${areasTable} GROUP BY postcode`,
  );
  const [conflicting] = await engine.rows(
    `SELECT COUNT(*) AS n FROM ${areasTable} WHERE postcode IS NOT NULL AND known > 0 AND area IS NULL`,
  );
  return Number(conflicting?.n);
}
