/** A released list read as whoever gets it would read it: its columns, and how many rows. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListSeen } from '../../evidence/package-check.ts';
import { cellText, rawCells, recordsOf } from '../../supply/csv-records.ts';
import { SupplyError } from '../../supply/supply-error.ts';

/** Reads `list.csv` or `list.parquet`. What is none of a release's is a value; errors are those of the machine. */
export async function readList(path: string): Promise<ListSeen> {
  if (path.endsWith('.parquet')) return readParquet(path);
  try {
    return await readCsv(path);
  } catch (error) {
    if (!(error instanceof SupplyError)) throw error;
    return unreadable(error.message);
  }
}

const unreadable = (why: string): ListSeen => ({ kind: 'unreadable', why });

// Bare, or quoted whole: a quote or a line's end elsewhere is read by some programs as a row that others do not see.
const plainCell = /^(?:[^"\r\n]*|"(?:[^"]|"")*")$/;

async function readCsv(path: string): Promise<ListSeen> {
  let columns: readonly string[] | null = null;
  let rows = 0;
  for await (const records of recordsOf(createReadStream(path, { highWaterMark: 1 << 20 })))
    for (const record of records) {
      const cells = rawCells(record);
      if (/["\r]/.test(record) && !cells.every((cell) => plainCell.test(cell)))
        return unreadable(`a cell of row ${rows} is quoted otherwise than a release quotes`);
      if (columns === null) {
        columns = cells.map(cellText);
        continue;
      }
      rows += 1;
      if (cells.length !== columns.length)
        return unreadable(`its row ${rows} has ${cells.length} cells, and its header ${columns.length}`);
    }
  return columns === null ? unreadable('it is empty') : { kind: 'list', columns, rows };
}

async function readParquet(path: string): Promise<ListSeen> {
  const { openDuckdb } = await import('../../bulk/engines/duckdb.ts');
  const temp = await mkdtemp(join(tmpdir(), 'astold-list-'));
  try {
    const engine = await openDuckdb({ tempDirectory: temp });
    try {
      const columns = await engine.rows(engine.intake.describeParquet(path));
      const [counted] = await engine.rows(`SELECT COUNT(*) AS n FROM ${engine.dialect.parquet(path)}`);
      return { kind: 'list', columns: columns.map(({ name }) => String(name)), rows: Number(counted?.n) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // What the engine says may quote what it read.
      return unreadable('it is no Parquet that can be read');
    } finally {
      engine.close();
    }
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}
