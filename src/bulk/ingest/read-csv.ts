/** A CSV file as a whole, in memory, by the very way that ingest reads it: for small files and for looking closely. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileSpec } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import type { RowFault } from './csv-careful.ts';
import { openFile, readTable } from './table.ts';

export type CsvContent = {
  readonly columns: readonly string[];
  /** In the order of the file, by line; an empty cell is null. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly (string | null)[] }[];
  readonly faults: number;
  readonly firstFault: RowFault | null;
};

/** Throws IngestError where the file as a whole cannot be read. */
export async function readCsv(
  engine: Engine,
  spec: Pick<FileSpec, 'path'> & Partial<FileSpec>,
): Promise<CsvContent> {
  const dir = mkdtempSync(join(tmpdir(), 'astold-csv-'));
  try {
    const aside = { dir, name: 'file' };
    const opened = await openFile(
      { format: 'csv', encoding: null, delimiter: null, dateFormat: 'YYYY-MM-DD', ...spec },
      aside,
    );
    let rows: CsvContent['rows'] = [];
    const table = await readTable(engine, opened, aside, async ({ columns, numbered, column }) => {
      const cells = columns.map((name, i) => `${column(name)} AS v${i}`).join(', ');
      const found = await engine.rows(`SELECT line, ${cells} FROM ${numbered} ORDER BY line`);
      rows = found.map((row) => ({
        line: Number(row.line),
        cells: columns.map((_, i) => textOf(row[`v${i}`])),
      }));
      return rows.length;
    });
    return { columns: table.columns, rows, faults: table.faults, firstFault: table.firstFault };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
