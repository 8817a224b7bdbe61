import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../src/bulk/engine.ts';
import { openDuckdb } from '../src/bulk/engines/duckdb.ts';
import { IngestError } from '../src/bulk/ingest/ingest-error.ts';
import { readCsv } from '../src/bulk/ingest/read-csv.ts';
import type { FileSpec } from '../src/policy/model.ts';

const corpus = resolve(process.env.ASTOLD_TEST_DATA ?? '../shared/data', 'csv-torture/rvl/fixtures/corpus');
const readme = join(corpus, 'README.md');
/** Two files that begin with the mark of UTF-16 and hold none: what loads is UTF-16, and is made below from the rest. */
const notReallyUtf16: Readonly<Record<string, string>> = {
  'encoding_utf16le.csv': 'E_ENCODING',
  'utf16le_bom.csv': 'E_HEADERS',
};

type Case = {
  readonly file: string;
  readonly expected: string;
  readonly delimiter: string | null;
  readonly forced: string | null;
};

function cases(): Case[] {
  if (!existsSync(readme)) return [];
  // A cell may hold a pipe between backticks.
  const rows = readFileSync(readme, 'utf8')
    .split('\n')
    .filter((line) => /^\| `[^`]+\.csv`/.test(line));
  return rows.map((line) => {
    const cells =
      line
        .match(/(?:`[^`]*`|[^|`])+/g)
        ?.map((cell) => cell.trim().replace(/^`|`$/g, ''))
        .filter((cell) => cell !== '') ?? [];
    const [file = '', , expected = '', delimiter = ''] = cells;
    const letter = delimiter === 'n/a' ? null : letterOf(delimiter);
    return {
      file,
      expected,
      delimiter: letter,
      forced: line.includes('requires `--delimiter') ? letter : null,
    };
  });
}

function letterOf(written: string): string {
  if (written === '\\t') return '\t';
  return written.startsWith('0x') ? String.fromCharCode(Number.parseInt(written, 16)) : written;
}

let engine: Engine;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'astold-torture-'));
  engine = await openDuckdb({ threads: 2, tempDirectory: join(dir, 'spill') });
});
afterAll(() => {
  engine.close();
  rmSync(dir, { recursive: true, force: true });
});

async function outcome(spec: Pick<FileSpec, 'path'> & Partial<FileSpec>) {
  try {
    const content = await readCsv(engine, spec);
    return { code: content.firstFault?.code ?? 'parse_ok', content };
  } catch (error) {
    if (error instanceof IngestError) return { code: error.code, content: null };
    throw error;
  }
}

const all = cases();
describe.skipIf(all.length === 0)(
  'every file of the corpus has the outcome its table states (skipped without ASTOLD_TEST_DATA)',
  () => {
    test('the table names every file there is to read', () => {
      expect(all.length).toBeGreaterThanOrEqual(80);
      for (const { file } of all) expect(existsSync(join(corpus, file)), file).toBe(true);
    });

    test.each(all)('$file: $expected', async ({ file, expected, forced, delimiter }) => {
      const path = join(corpus, file);
      const found = await outcome({ path, delimiter: forced });
      expect(found.code).toBe(notReallyUtf16[file] ?? expected);
      if (forced !== null) expect((await outcome({ path })).code).toBe('E_DIALECT');
      if (found.code !== 'parse_ok' || delimiter === null) return;
      // The dialect found is the one stated: forcing it changes nothing. No row is lost, and each knows its line.
      expect((await outcome({ path, delimiter })).content).toEqual(found.content);
      const lines = readFileSync(path, 'utf8').split(/\r?\n/);
      for (const row of found.content?.rows ?? []) {
        const first = row.cells.find((cell) => cell !== null && /^\w+$/.test(cell));
        expect(lines[row.line - 1], `line ${row.line}`).toContain(first ?? '');
      }
    });

    test.each(all.filter(({ expected }) => expected === 'parse_ok'))(
      '$file reads the same as UTF-16',
      async ({ file, forced }) => {
        const original = await outcome({ path: join(corpus, file), delimiter: forced });
        const text = readFileSync(join(corpus, file), 'utf8').replace(/^\ufeff/, '');
        const little = Buffer.from(`\ufeff${text}`, 'utf16le');
        const path = join(dir, file);
        writeFileSync(path, little);
        expect((await outcome({ path, delimiter: forced })).content).toEqual(original.content);
        writeFileSync(path, little.swap16().subarray(2));
        expect((await outcome({ path, delimiter: forced, encoding: 'utf-16be' })).content).toEqual(
          original.content,
        );
      },
    );
  },
);
