/** The area of each postcode, of any `postcode,area` CSV. */
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { requireColumns } from './columns.ts';
import { unordered } from './layered.ts';
import { type Aside, type Opened, readTable, type Table, tableAlong } from './table.ts';

export const areasTable = 'ingest_areas';

export type Areas = {
  /**
   * What stands before a select that joins `areasTable`, of `postcode` (folded) and `area`, and a condition that all of it
   * was read: mostly the file is read along, once, and kept nowhere.
   */
  before(): string;
  whole(): string;
  /**
   * Makes a table of it in which each postcode stands once, where it was misread, or one stands twice: one of two areas has none
   * then. Gives how many of those there are, or null where all was well. To be asked where a record may have met its
   * postcode twice, or not.
   */
  settle(): Promise<number | null>;
};

export async function readAreas(
  engine: Engine,
  areas: NonNullable<Source['areas']>,
  opened: Opened,
  aside: Aside,
): Promise<Areas> {
  const select = (table: Table): string => {
    requireColumns(table, opened.file.path, [areas.postcode, areas.area]);
    return `SELECT ${engine.intake.foldPostcode('postcode', table.exotic)} AS postcode, area FROM
      (SELECT ${table.trimmed(areas.postcode)} AS postcode, ${table.trimmed(areas.area)} AS area FROM ${table.sql})`;
  };
  const fill = async (): Promise<void> => {
    await readTable(engine, opened, aside, async (table) => {
      await unordered(engine, () =>
        engine.run(`CREATE OR REPLACE TEMP TABLE ${areasTable} AS ${select(table)}`),
      );
      const [counted] = await engine.rows(`SELECT COUNT(*) AS n FROM ${areasTable}`);
      return Number(counted?.n);
    });
  };
  const table = await tableAlong(engine, opened);
  let along = table === null ? null : { sql: select(table), rows: table.rows };
  if (along === null) await fill();
  const settle = async (): Promise<number | null> => {
    if (await isSingle(engine, along)) return null;
    if (along !== null) await fill();
    along = null;
    return settleTable(engine);
  };
  let settled: Promise<number | null> | null = null;
  return {
    before: () => (along === null ? '' : `WITH ${areasTable} AS MATERIALIZED (${along.sql}) `),
    whole: () => (along === null ? '' : ` AND (SELECT COUNT(*) FROM ${areasTable}) = ${along.rows}`),
    settle: () => {
      settled ??= settle();
      return settled;
    },
  };
}

/** As many rows as there must be, and as many hashes: each postcode stands once, and there is nothing to gather. */
async function isSingle(
  { intake, rows }: Engine,
  along: { readonly sql: string; readonly rows: number } | null,
): Promise<boolean> {
  const from = along === null ? areasTable : `(${along.sql})`;
  const all = along === null ? 'COUNT(*)' : String(along.rows);
  try {
    const [counted] = await rows(
      `SELECT COUNT(*) = ${all} AND COUNT(*) = COUNT(DISTINCT ${intake.hash(['postcode'])}) AS single FROM ${from}`,
    );
    return counted?.single === true;
  } catch (error) {
    if (error instanceof Error && intake.isCsvFault(error)) return false;
    throw error;
  }
}

async function settleTable(engine: Engine): Promise<number> {
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE ${areasTable} AS
     SELECT postcode, CASE WHEN MIN(area) = MAX(area) THEN MIN(area) END AS area, COUNT(area) AS known FROM ${areasTable} GROUP BY postcode`,
  );
  const [conflicting] = await engine.rows(
    `SELECT COUNT(*) AS n FROM ${areasTable} WHERE postcode IS NOT NULL AND known > 0 AND area IS NULL`,
  );
  return Number(conflicting?.n);
}
