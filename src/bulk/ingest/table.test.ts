import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDuckdb } from '../engines/duckdb.ts';
import { openFile, readTable } from './table.ts';

const dir = mkdtempSync(join(tmpdir(), 'astold-table-'));
const engine = await openDuckdb({ tempDirectory: join(dir, 'spill'), memoryLimit: '64MB' });
afterAll(() => {
  engine.close();
  rmSync(dir, { recursive: true, force: true });
});

const aside = { dir, name: 'file' };
const open = (name: string, text: string) => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return openFile({ path, format: 'csv', encoding: null, delimiter: null, dateFormat: 'YYYY-MM-DD' }, aside);
};

test('an engine that runs out of memory is no fault of the file, which is not read again', async () => {
  const opened = await open('good.csv', 'a,b\n1,2\n');
  let reads = 0;
  const read = readTable(engine, opened, aside, async ({ sql }) => {
    reads++;
    await engine.rows(`SELECT list(repeat('x', 1000000) || i) AS n FROM range(1000) t(i), ${sql}`);
    return 1;
  });
  await expect(read).rejects.toThrow();
  expect(reads).toBe(1);
});

test('a line that the engine cannot cut is left to the careful reader', async () => {
  const opened = await open('short.csv', 'a,b\n1\n2,3\n');
  let reads = 0;
  const table = await readTable(engine, opened, aside, async ({ sql }) => {
    reads++;
    return Number((await engine.rows(`SELECT COUNT(*) AS n, COUNT(c1) AS m FROM ${sql}`))[0]?.n);
  });
  expect(reads).toBe(2);
  expect(table.short).toBe(1);
});
