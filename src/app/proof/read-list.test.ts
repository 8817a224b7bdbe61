import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../bulk/engine.ts';
import { openDuckdb } from '../../bulk/engines/duckdb.ts';
import { readList } from './read-list.ts';

let dir: string;
let engine: Engine;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'astold-read-list-'));
  engine = await openDuckdb({ tempDirectory: join(dir, 'tmp') });
});
afterAll(() => {
  engine.close();
  rmSync(dir, { recursive: true });
});
const csv = async (text: string) => {
  const path = join(dir, 'list.csv');
  writeFileSync(path, text);
  return readList(path);
};

describe('a list', () => {
  test('of any names and addresses is read as it was written, in both formats', async () => {
    const cell = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '#', ' ', "'", 'é'), maxLength: 6 }),
      fc.constant(null),
    );
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(rows, async (people) => {
        const value = (text: string | null) => `CAST(${engine.dialect.literal(text)} AS VARCHAR)`;
        const values = people.map(([name, town]) => `(${value(name)}, ${value(town)})`).join(', ');
        for (const format of ['csv', 'parquet'] as const) {
          const path = join(dir, `list.${format}`);
          await engine.copy(`SELECT * FROM (VALUES ${values}) p("name, in full", town)`, path, format);
          expect(await readList(path)).toEqual({
            kind: 'list',
            columns: ['name, in full', 'town'],
            rows: people.length,
          });
        }
      }),
      { numRuns: 25 },
    );
  });

  test('of nobody has its header', async () => {
    expect(await csv('name,town\n')).toEqual({ kind: 'list', columns: ['name', 'town'], rows: 0 });
  });

  test.each([
    ['is empty', ''],
    ['has a row with a cell too many', 'name,town\nAda,London\nJo,Leeds,jo@people.example\n'],
    ['has a row with a cell too few', 'name,town\nAda\n'],
    ['hides a row between quotes that open within a cell', 'name\nAda"\nMallory\n"\n'],
    ['hides a row behind a carriage return', 'name\nAda\rMallory\n'],
    ['never closes a quote', 'name\n"Ada\nMallory\n'],
    ['ends within a line', 'name\nAda'],
  ])('that %s is none', async (_, text) => {
    const seen = await csv(text);
    expect(seen.kind).toBe('unreadable');
    expect(JSON.stringify(seen)).not.toMatch(/Ada|Mallory|Leeds/);
  });

  test('in a format that it is not in is none', async () => {
    writeFileSync(join(dir, 'other.parquet'), 'name\nAda\n');
    expect((await readList(join(dir, 'other.parquet'))).kind).toBe('unreadable');
  });
});
