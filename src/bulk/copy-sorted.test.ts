import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copySorted } from './copy-sorted.ts';
import type { Engine } from './engine.ts';
import { openDuckdb } from './engines/duckdb.ts';

let dir: string;
let engine: Engine;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'astold-sorted-'));
  engine = await openDuckdb({ threads: 2, tempDirectory: join(dir, 'spill') });
});
afterAll(() => {
  engine.close();
  rmSync(dir, { recursive: true, force: true });
});

test('few rows and many are written in the same order, to the byte, and nothing is left beside them', async () => {
  const select = 'SELECT md5(CAST(i AS VARCHAR)) AS pseudonym, i FROM range(300000) t(i)';
  const write = async (name: string, rows: number): Promise<Buffer> => {
    const path = join(dir, name);
    expect(await copySorted(engine, select, { order: 'pseudonym', rows, path })).toBe(300_000);
    return readFileSync(path);
  };
  const [few, many] = [await write('few.parquet', 300_000), await write('many.parquet', 10_000_000)];
  expect(many.equals(few)).toBe(true);
  const [unsorted] = await engine.rows(
    `SELECT COUNT(*) AS n FROM (SELECT pseudonym, lag(pseudonym) OVER (ORDER BY line) AS before
     FROM ${engine.intake.numberedParquet(join(dir, 'many.parquet'))}) WHERE before > pseudonym`,
  );
  expect(unsorted?.n).toBe(0);
  expect(readdirSync(dir).filter((name) => name.endsWith('.loose'))).toEqual([]);
});

test('what cannot be written leaves nothing beside it either', async () => {
  const path = join(dir, 'no-such-folder/x.parquet');
  const failing = copySorted(engine, 'SELECT 1 AS a', { order: 'a', rows: 10_000_000, path });
  await expect(failing).rejects.toThrow();
  const bad = copySorted(engine, 'SELECT 1 AS a', {
    order: 'b',
    rows: 10_000_000,
    path: join(dir, 'y.parquet'),
  });
  await expect(bad).rejects.toThrow();
  expect(readdirSync(dir).filter((name) => name.startsWith('y.'))).toEqual([]);
});
