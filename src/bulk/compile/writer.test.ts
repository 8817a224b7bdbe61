import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../engine.ts';
import { openDuckdb } from '../engines/duckdb.ts';
import { fillLarge, keepAll } from './writer.ts';

const dir = mkdtempSync(join(tmpdir(), 'astold-writer-'));
let engine: Engine;
beforeAll(async () => {
  engine = await openDuckdb({ tempDirectory: join(dir, 'tmp') });
});
afterAll(() => {
  engine.close();
  rmSync(dir, { recursive: true, force: true });
});

test('a large table holds what it is given: empty texts, nulls, quotes, and the very characters it is cut at', async () => {
  const rows = [
    ["v:web's@1^own", '', 1, 1n << 60n, '2016-03-01'],
    ['?^', 'asked@1~2017-03-01~sent|\\n', 2, 0n, null],
    ['two\nlines', 'a\u001fb', 3, 4n, '2016-03-01'],
    ['\u001e', '\r', -4, -1n, null],
    ['Ünï ', ' ', 5, 7n, null],
  ] as const;
  const columns = { base: 'VARCHAR', later: 'VARCHAR', n: 'INTEGER', bits: 'BIGINT', since: 'DATE' } as const;
  const writer = { dialect: engine.dialect, keep: keepAll };
  for (const statement of fillLarge(writer, 'large', columns, rows)) await engine.run(statement);
  const found = await engine.rows(
    'SELECT base, later, n, CAST(bits AS VARCHAR) AS bits, since FROM large ORDER BY ABS(n)',
  );
  expect(found.map((row) => [row.base, row.later, row.n, BigInt(String(row.bits)), row.since])).toEqual(rows);
});

test('a large table may be empty', async () => {
  const writer = { dialect: engine.dialect, keep: keepAll };
  for (const statement of fillLarge(writer, 'none', { n: 'INTEGER' }, [])) await engine.run(statement);
  expect(await engine.rows('SELECT COUNT(*) AS n FROM none')).toEqual([{ n: 0 }]);
});
