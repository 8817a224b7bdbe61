import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../bulk/engine.ts';
import { openDuckdb } from '../bulk/engines/duckdb.ts';
import { keyedHash } from '../roster/token.ts';
import { traceCode } from './trace-code.ts';
import { findInTraceIndex, type TraceKeys, writeTraceIndex } from './trace-index.ts';

const keys: TraceKeys = { codes: 'c'.repeat(32), index: 'i'.repeat(32) };
const pseudonymOf = (n: number): string => keyedHash('p'.repeat(32), String(n));

let dir: string;
let engine: Engine;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'astold-index-'));
  engine = await openDuckdb({ tempDirectory: dir });
});
afterAll(async () => {
  engine.close();
  await rm(dir, { recursive: true, force: true });
});

/** An index of `released` rows, of as many refused ones, and of sleepers. */
async function indexOf(released: number, sleepers: readonly string[]): Promise<string> {
  const rows = Array.from(
    { length: released * 2 },
    (_, n) => `${pseudonymOf(n)},${n < released ? 0 : 4}`,
  ).join('\n');
  const decisions = join(dir, `decisions-${released}-${sleepers.length}.parquet`);
  const cell = (n: number): string => `split_part(line, ',', ${n})`;
  const select =
    released === 0
      ? `SELECT '' AS pseudonym, 4 AS reasons`
      : `SELECT ${cell(1)} AS pseudonym, CAST(${cell(2)} AS BIGINT) AS reasons FROM ${engine.dialect.lines(rows)} l`;
  await engine.copy(select, decisions, 'parquet');
  const path = join(dir, `index-${released}-${sleepers.length}`);
  expect(await writeTraceIndex(engine, { keys, decisions, sleepers }, path)).toBe(released + sleepers.length);
  return path;
}

test('every released row is found by its code, sleepers too, and nothing by another code', async () => {
  const sleepers = [pseudonymOf(1_000_001), pseudonymOf(1_000_002)];
  for (const released of [1, 2, 679, 681, 5_000]) {
    const path = await indexOf(released, sleepers);
    const carried = [...Array.from({ length: released }, (_, n) => pseudonymOf(n)), ...sleepers];
    const some = fc.constantFrom(...carried);
    await fc.assert(
      fc.asyncProperty(some, async (pseudonym) => {
        expect(await findInTraceIndex(path, keys, traceCode(keys.codes, pseudonym))).toBe(pseudonym);
      }),
    );
    for (const pseudonym of [carried[0] ?? '', carried.at(-1) ?? ''])
      expect(await findInTraceIndex(path, keys, traceCode(keys.codes, pseudonym))).toBe(pseudonym);
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (n) => {
        const refused = traceCode(keys.codes, pseudonymOf(released + (n % released)));
        expect(await findInTraceIndex(path, keys, refused)).toBe(null);
      }),
      { numRuns: 50 },
    );
  }
});

test('a release of nobody has an index of no lines', async () => {
  const path = await indexOf(0, []);
  expect(await findInTraceIndex(path, keys, traceCode(keys.codes, pseudonymOf(0)))).toBe(null);
});

test('a code is found wherever it stands, in a file whose hashes are not spread, and among equal ones', async () => {
  const pseudonym = pseudonymOf(7);
  const code = traceCode(keys.codes, pseudonym);
  const hash = keyedHash(keys.index, code).slice(0, 16);
  const path = join(dir, 'uneven');
  await fc.assert(
    fc.asyncProperty(fc.nat(3_000), fc.nat(3_000), fc.nat(1_500), async (below, above, equal) => {
      const filled = (digit: string, n: number): readonly string[] =>
        Array.from({ length: n }, (_, i) => digit.repeat(16) + i.toString(16).padStart(32, '0'));
      const same = Array.from({ length: equal }, (_, i) => hash + i.toString(16).padStart(32, '0'));
      const lines = [...filled('0', below), ...same, hash + pseudonym, ...filled('f', above)].sort();
      await writeFile(path, `${lines.join('\n')}\n`);
      expect(await findInTraceIndex(path, keys, code)).toBe(pseudonym);
    }),
    { numRuns: 40 },
  );
});

test('what is cut short is no index', async () => {
  const path = join(dir, 'cut');
  await writeFile(path, 'a'.repeat(60));
  await expect(findInTraceIndex(path, keys, traceCode(keys.codes, 'x'))).rejects.toMatchObject({
    code: 'trace-index-broken',
  });
  await writeFile(path, 'a'.repeat(98));
  await expect(findInTraceIndex(path, keys, traceCode(keys.codes, 'x'))).rejects.toMatchObject({
    code: 'trace-index-broken',
  });
});
