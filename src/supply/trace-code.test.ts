import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../bulk/engine.ts';
import { openDuckdb } from '../bulk/engines/duckdb.ts';
import { alphabet, parseTraceCode, traceCode, traceCodesSql, traceKey } from './trace-code.ts';

const key = traceKey(Buffer.alloc(32, 7), '2026-11-22-toy-offer');
const codes = fc.string({ minLength: 1 }).map((pseudonym) => traceCode(key, pseudonym));
const symbolAt = (code: string, place: number): string => code.replaceAll('-', '').charAt(place);
const written = (symbols: readonly string[]): string => symbols.join('');

let dir: string;
let engine: Engine;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'astold-trace-'));
  engine = await openDuckdb({ tempDirectory: dir });
});
afterAll(async () => {
  engine.close();
  await rm(dir, { recursive: true, force: true });
});

test('a code is twelve symbols and a check, in groups, and is read back as it is', () => {
  fc.assert(
    fc.property(codes, (code) => {
      expect(code).toMatch(new RegExp(`^[${alphabet}]{4}-[${alphabet}]{4}-[${alphabet}]{5}$`));
      expect(parseTraceCode(code)).toEqual({ kind: 'code', code });
    }),
  );
});

test('spaces, dashes, case and look-alikes are forgiven', () => {
  fc.assert(
    fc.property(codes, (code) => {
      const slips = code
        .toLowerCase()
        .replaceAll('-', ' \u2013 ')
        .replaceAll('0', 'o')
        .replace(/1/g, (_, at: number) => (at % 2 === 0 ? 'i' : 'L'));
      expect(parseTraceCode(` ${slips} `)).toEqual({ kind: 'code', code });
    }),
  );
});

test('every wrong symbol is caught', () => {
  const code = traceCode(key, 'someone').replaceAll('-', '');
  for (let place = 0; place < 13; place += 1) {
    for (const symbol of alphabet) {
      if (symbol === symbolAt(code, place)) continue;
      const wrong = code.slice(0, place) + symbol + code.slice(place + 1);
      expect(parseTraceCode(wrong)).toEqual({ kind: 'wrong-check' });
    }
  }
});

test('every exchange of two different symbols is caught, wherever they stand', () => {
  fc.assert(
    fc.property(codes, fc.nat(12), fc.nat(12), (code, a, b) => {
      const symbols = [...code.replaceAll('-', '')];
      fc.pre(symbols[a] !== symbols[b]);
      [symbols[a], symbols[b]] = [symbols[b] ?? '', symbols[a] ?? ''];
      expect(parseTraceCode(written(symbols))).toEqual({ kind: 'wrong-check' });
    }),
  );
});

test('what is too short, too long or holds another sign is no code', () => {
  const code = traceCode(key, 'someone');
  expect(parseTraceCode('')).toEqual({ kind: 'malformed', why: 'length' });
  expect(parseTraceCode(code.slice(0, -1))).toEqual({ kind: 'malformed', why: 'length' });
  expect(parseTraceCode(`${code}0`)).toEqual({ kind: 'malformed', why: 'length' });
  expect(parseTraceCode(`U${code.slice(1)}`)).toEqual({ kind: 'malformed', why: 'symbol' });
});

test('codes differ by release, by key and by row', () => {
  const other = traceKey(Buffer.alloc(32, 7), '2026-11-23-toy-offer');
  const foreign = traceKey(Buffer.alloc(32, 8), '2026-11-22-toy-offer');
  const all = [traceCode(key, 'a'), traceCode(other, 'a'), traceCode(foreign, 'a'), traceCode(key, 'b')];
  expect(new Set(all).size).toBe(4);
});

test('the engine makes the same codes as this program', async () => {
  const { dialect } = engine;
  const pseudonyms = Array.from({ length: 2000 }, (_, i) => i.toString(16).padStart(32, '0'));
  const rows = await engine.rows(
    traceCodesSql(dialect, key, `(SELECT line AS pseudonym FROM ${dialect.lines(pseudonyms.join('\n'))} l)`),
  );
  expect(rows).toHaveLength(pseudonyms.length);
  for (const row of rows) expect(row.code).toBe(traceCode(key, String(row.pseudonym)));
});
