/** Rows in an order, written so that a small memory bears it: many are joined first and sorted after, each by itself. */
import { rmSync } from 'node:fs';
import type { Engine } from './engine.ts';
import { unordered } from './ingest/layered.ts';

/** Up to so many rows are joined and sorted in one go, which is faster. */
const fewRows = 4_000_000;

/** Writes the rows of `select` by `order`, one of its columns, as Parquet; `rows` says about how many. Gives how many. */
export async function copySorted(
  engine: Engine,
  select: string,
  { order, rows, path }: { readonly order: string; readonly rows: number; readonly path: string },
): Promise<number> {
  if (rows <= fewRows) return engine.copy(`SELECT * FROM (${select}) ORDER BY ${order}`, path, 'parquet');
  const loose = `${path}.loose`;
  try {
    await unordered(engine, () => engine.copy(select, loose, 'parquet'));
    return await engine.copy(
      `SELECT * FROM ${engine.dialect.parquet(loose)} ORDER BY ${order}`,
      path,
      'parquet',
    );
  } finally {
    rmSync(loose, { force: true });
  }
}
