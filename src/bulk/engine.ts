/**
 * The seam behind which SQL runs. Everything outside `engines/` writes a portable subset of SQL and asks the
 * dialect for the rest; no engine-specific word stands anywhere else.
 */
import type { Period } from '../policy/model.ts';
import type { Intake } from './ingest/intake.ts';

export type SqlValue = string | number | bigint | boolean | null;
export type Row = Readonly<Record<string, SqlValue>>;

/** What differs between engines. Every method returns SQL text; expressions in, expressions out. */
export type Dialect = {
  readonly name: string;
  /** A value as a literal: the one place where values are quoted. */
  literal(value: SqlValue): string;
  identifier(name: string): string;
  /** A table expression over a Parquet file. */
  parquet(path: string): string;
  /** The first 32 hex digits of SHA-256(key || text); key is 32 ASCII characters. */
  keyedHash(key: string, text: string): string;
  /** As `keyedHash`, of a key that is itself an expression: 32 ASCII characters in every row. */
  keyedHashOf(key: string, text: string): string;
  /** SHA-256 of the UTF-8 of a text, 64 lower-case hex digits; null of null. */
  sha256(text: string): string;
  /** Texts one after the other; one that is null is left out. */
  joinTexts(texts: readonly string[]): string;
  /** A DATE expression plus a period, clamped to the end of the month. */
  addPeriod(date: string, period: Period): string;
  date(value: string): string;
  bitOr(aggregated: string): string;
  /** A table expression of one column, `line`: a text literal cut at its line feeds. */
  lines(text: string): string;
};

/** `snapshot`: Parquet as this engine writes and reads it fastest, for what is made again rather than handed on. */
export type CopyFormat = 'parquet' | 'snapshot' | 'csv' | 'lines';

export interface Engine {
  readonly dialect: Dialect;
  /** What only ingest and list matching ask of the engine. */
  readonly intake: Intake;
  readonly version: string;
  run(sql: string): Promise<void>;
  /** All rows as plain values: integers as number or bigint, dates as `YYYY-MM-DD`. For small results only. */
  rows(sql: string): Promise<readonly Row[]>;
  /**
   * Writes a query's rows, in its order, to a file; gives how many. `lines`: one column of text without quotes or line
   * ends, one a line, each ended by a line feed, and no header.
   */
  copy(select: string, path: string, format: CopyFormat): Promise<number>;
  close(): void;
}
