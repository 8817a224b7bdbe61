/** The list as it is supplied: the release's rows as they stand, sleepers at their places, a trace code on each row. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../bulk/engine.ts';
import { cellText, rawCell, rawCells, recordsOf } from './csv-records.ts';
import type { SleeperRow } from './sleeper-rows.ts';
import { SupplyError } from './supply-error.ts';
import { traceCode, traceCodesSql } from './trace-code.ts';

export const traceColumn = 'trace_code';

export type ListInput = {
  /** A CSV list in order of pseudonym, as a release writes it. */
  readonly list: string;
  /** What `writeCodes` wrote: a pseudonym and a code for each row of the list, in the same order. */
  readonly codes: string;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly sleepers: readonly SleeperRow[];
  readonly traceKey: string;
  /** The columns that go, in this order; null: all. */
  readonly only: readonly string[] | null;
};

/** Writes the pseudonym and trace code of every released row, in order, as CSV without a header. Gives the path. */
export async function writeCodes(
  engine: Engine,
  decisions: string,
  key: string,
  dir: string,
): Promise<string> {
  const { dialect } = engine;
  const path = join(dir, 'codes.csv');
  const released = `(SELECT pseudonym FROM ${dialect.parquet(decisions)} d WHERE reasons = 0)`;
  await engine.copy(`${traceCodesSql(dialect, key, released)} ORDER BY pseudonym`, path, 'csv');
  return path;
}

/**
 * The bytes of the supplied list, in pieces. Throws SupplyError `release-damaged` where list, codes and count do not
 * fit each other: nobody would know whose code a row carries.
 */
export async function* supplyList(input: ListInput): AsyncGenerator<Uint8Array> {
  const columns = input.only ?? input.columns;
  const picks = columns.map((name) => input.columns.indexOf(name));
  if (picks.includes(-1)) throw damaged('a column asked for is not in the list');
  const chosen = input.only === null ? String : pick(picks, input.columns.length);
  const codes = oneByOne(recordsOf(createReadStream(input.codes)));
  // The header of the codes.
  await codes.next();
  const waiting = [...input.sleepers];
  let rows = 0;
  let header = true;
  for await (const records of recordsOf(createReadStream(input.list, { highWaterMark: 1 << 20 }))) {
    const out: string[] = [];
    for (const record of records) {
      if (header) {
        if (!same(rawCells(record).map(cellText), input.columns))
          throw damaged('its columns are not those of its manifest');
        out.push(`${chosen(record)},${traceColumn}`);
        header = false;
        continue;
      }
      const next = await codes.next();
      if (next.done === true) throw damaged('it has more rows than decisions that release');
      const [pseudonym = '', code = ''] = next.value.split(',');
      for (let first = waiting[0]; first !== undefined && first.pseudonym < pseudonym; first = waiting[0]) {
        out.push(sleeperLine(first, columns, input.traceKey));
        waiting.shift();
      }
      out.push(`${chosen(record)},${code}`);
      rows += 1;
    }
    yield Buffer.from(`${out.join('\n')}\n`);
  }
  if (rows !== input.rows || (await codes.next()).done !== true)
    throw damaged('it has fewer rows than its manifest says');
  if (waiting.length > 0)
    yield Buffer.from(waiting.map((row) => `${sleeperLine(row, columns, input.traceKey)}\n`).join(''));
}

function sleeperLine(row: SleeperRow, columns: readonly string[], key: string): string {
  const cells = columns.map((column) => {
    const cell = row.cells[column];
    if (cell === undefined) throw damaged(`the sleeper ${row.sleeper} has no cell for the column ${column}`);
    return rawCell(cell);
  });
  return [...cells, traceCode(key, row.pseudonym)].join(',');
}

function pick(picks: readonly number[], width: number): (record: string) => string {
  return (record) => {
    const cells = rawCells(record);
    if (cells.length !== width) throw damaged('a row has not as many cells as there are columns');
    return picks.map((index) => cells[index]).join(',');
  };
}

async function* oneByOne(batches: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  for await (const batch of batches) yield* batch;
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

const damaged = (what: string): SupplyError =>
  new SupplyError('release-damaged', `the list cannot be supplied: ${what}`);
