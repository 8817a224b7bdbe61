/** Rows of evidence picked, looked up and opened, in SQL (E2). */
import { join } from 'node:path';
import { rawColumns, rawValueSql } from './commitments.ts';
import type { Engine } from './engine.ts';

/** The first so many pseudonyms by the rank that the key gives them. */
export async function pickRows(
  engine: Engine,
  predicates: string,
  key: string,
  count: number,
): Promise<readonly string[]> {
  const { dialect } = engine;
  const rows = await engine.rows(
    `SELECT pseudonym FROM ${dialect.parquet(predicates)} ORDER BY ${dialect.keyedHash(key, 'pseudonym')}, pseudonym LIMIT ${dialect.literal(count)}`,
  );
  return rows.map((row) => String(row.pseudonym));
}

/** The commitments that stand in the evidence for some pseudonyms. */
export async function commitmentsOf(
  engine: Engine,
  predicates: string,
  pseudonyms: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { dialect } = engine;
  if (pseudonyms.length === 0) return new Map();
  const rows = await engine.rows(
    `SELECT pseudonym, row_commitment FROM ${dialect.parquet(predicates)} WHERE pseudonym IN (${pseudonyms.map(dialect.literal).join(', ')})`,
  );
  return new Map(rows.map((row) => [String(row.pseudonym), String(row.row_commitment)]));
}

export type OpenedRow = {
  readonly pseudonym: string;
  readonly salt: string;
  readonly values: Readonly<Record<string, string | null>>;
};

/** The records of a snapshot behind some pseudonyms, with everything that was committed to. One that was erased is left out. */
export async function openRows(
  engine: Engine,
  given: {
    readonly snapshotDir: string;
    readonly secrets: string;
    /** The key of the release's pseudonyms. */
    readonly key: string;
    readonly pseudonyms: readonly string[];
  },
): Promise<readonly OpenedRow[]> {
  const { dialect } = engine;
  const columns = await rawColumns(engine, given.snapshotDir);
  const values = columns.map((column, i) => `${rawValueSql(engine, column, 'r')} AS v${i}`);
  const records = dialect.parquet(join(given.snapshotDir, 'records.parquet'));
  const rows = await engine.rows(
    `SELECT x.* FROM (SELECT ${dialect.keyedHash(given.key, 'r.rid')} AS pseudonym, s.salt, ${values.join(', ')}
       FROM ${records} r JOIN ${dialect.parquet(given.secrets)} s ON s.rid = r.rid) x
     WHERE x.pseudonym IN (${given.pseudonyms.map(dialect.literal).join(', ')}) ORDER BY x.pseudonym`,
  );
  return rows.map((row) => ({
    pseudonym: String(row.pseudonym),
    salt: String(row.salt),
    values: Object.fromEntries(
      columns.flatMap(({ name }, i) => {
        const value = row[`v${i}`];
        return typeof value === 'string' ? [[name, value] as const] : [];
      }),
    ),
  }));
}
