/** How DuckDB says what the portable subset leaves open. */
import { basename } from 'node:path';
import type { Dialect, SqlValue } from '../engine.ts';

/** A text as a literal. */
export function quoteText(text: string): string {
  if (text.includes('\0')) throw new RangeError('a text with a NUL cannot be written in SQL');
  return `'${text.replaceAll("'", "''")}'`;
}

export function quoteName(name: string): string {
  if (name === '' || name.includes('\0')) throw new RangeError('a column needs a name');
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new RangeError(`${value} cannot be written in SQL`);
  return String(value);
}

/**
 * The row of a record is its place in `records.parquet`, which the engine counts as it reads: a file written by
 * several threads in order needs no second pass to be numbered.
 */
function parquet(path: string): string {
  if (basename(path) !== 'records.parquet') return `read_parquet(${quoteText(path)})`;
  const from = `read_parquet(${quoteText(path)}, file_row_number = true)`;
  return `(SELECT CAST(file_row_number AS INTEGER) AS "row", * EXCLUDE (file_row_number) FROM ${from})`;
}

export const duckdbDialect: Dialect = {
  name: 'duckdb',
  literal,
  identifier: quoteName,
  parquet,
  keyedHash: (key, text) => {
    if (!/^[\x20-\x7e]{32}$/.test(key))
      throw new RangeError('the key of a keyed hash is 32 ASCII characters');
    return `substr(sha256(${quoteText(key)} || ${text}), 1, 32)`;
  },
  keyedHashOf: (key, text) => `substr(sha256(${key} || ${text}), 1, 32)`,
  sha256: (text) => `sha256(${text})`,
  joinTexts: (texts) => `concat(${texts.length === 0 ? "''" : texts.join(', ')})`,
  addPeriod: (date, { months, days }) =>
    `CAST(${date} + INTERVAL ${months} MONTH + INTERVAL ${days} DAY AS DATE)`,
  date: (value) => `DATE ${quoteText(value)}`,
  bitOr: (aggregated) => `bit_or(${aggregated})`,
  lines: (text) => `(SELECT unnest(string_split(${quoteText(text)}, chr(10))) AS line)`,
};
