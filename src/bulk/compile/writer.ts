/** What every part of the compiler writes with: the dialect, and the hook by which a test drops one condition. */
import { bitsOf, type ReasonCode } from '../../policy/reasons.ts';
import type { Dialect } from '../engine.ts';

/**
 * Passes on one named condition of the compiled SQL. The program keeps them all; `scripts/mutate-sql.ts` replaces
 * one by `without`, to prove that the differential test notices. A name may stand several times.
 */
export type Keep = (name: string, condition: string, without: string) => string;
export type Writer = { readonly dialect: Dialect; readonly keep: Keep };

/** Statements to run in order before the decision, and after it. */
export type Steps = { readonly create: readonly string[]; readonly drop: readonly string[] };

/** The judgement and what it is compiled against do not belong together: a fault of the program, not of the input. */
export class CompileError extends Error {
  readonly code: 'matches-missing' | 'collection-unassigned';
  constructor(code: CompileError['code'], message: string) {
    super(message);
    this.name = 'CompileError';
    this.code = code;
  }
}

export const keepAll: Keep = (_name, condition) => condition;

/** A reason's bit, or those of several, as a BIGINT. */
export function bits(writer: Writer, ...codes: readonly ReasonCode[]): string {
  return bigint(writer, bitsOf(codes));
}

export function bigint(writer: Writer, value: bigint): string {
  return `CAST(${writer.dialect.literal(value)} AS BIGINT)`;
}

/**
 * The bit of a reason unless `holds` is true: a null, like a false, refuses. Dropping the condition by its name
 * lets everyone pass it.
 */
export function refuseUnless(writer: Writer, name: string, holds: string, code: ReasonCode): string {
  const none = bigint(writer, 0n);
  return writer.keep(name, `CASE WHEN ${holds} THEN ${none} ELSE ${bits(writer, code)} END`, none);
}

/** Joins conditions with AND, each under its name. */
export function all(
  writer: Writer,
  conditions: readonly (readonly [name: string, condition: string])[],
): string {
  return conditions.map(([name, condition]) => writer.keep(name, `(${condition})`, 'TRUE')).join(' AND ');
}

/** Bit sets joined; nothing at all is the empty set. */
export function union(writer: Writer, sets: readonly string[]): string {
  return sets.length === 0 ? bigint(writer, 0n) : sets.map((set) => `(${set})`).join(' | ');
}

/** The rows of a literal table, in statements of at most a thousand rows each. */
export function fill(
  writer: Writer,
  table: string,
  rows: readonly (readonly (string | number | bigint | boolean | null)[])[],
): string[] {
  const statements: string[] = [];
  for (let start = 0; start < rows.length; start += 1000) {
    const values = rows
      .slice(start, start + 1000)
      .map((row) => `(${row.map((value) => writer.dialect.literal(value)).join(', ')})`);
    statements.push(`INSERT INTO ${table} VALUES ${values.join(', ')}`);
  }
  return statements;
}

type Cell = string | number | bigint | boolean | null;
const [cut, nothing] = ['\u001f', '\u001e'];

/**
 * Creates and fills a table of thousands of rows. As values each of their literals would be parsed for longer than the
 * records take to decide: they go as one text that is cut up, but for rows whose own texts hold a character to cut at.
 */
export function fillLarge(
  writer: Writer,
  table: string,
  columns: Readonly<Record<string, 'VARCHAR' | 'INTEGER' | 'BIGINT' | 'DATE'>>,
  rows: readonly (readonly Cell[])[],
): string[] {
  const plain: (readonly Cell[])[] = [];
  const awkward: (readonly Cell[])[] = [];
  for (const row of rows) {
    const whole = row.every((cell) => typeof cell !== 'string' || !/\p{Cc}/u.test(cell));
    (whole ? plain : awkward).push(row);
  }
  const types = Object.entries(columns);
  const created = `CREATE TEMP TABLE ${table} (${types.map(([name, type]) => `${name} ${type}`).join(', ')})`;
  if (plain.length === 0) return [created, ...fill(writer, table, awkward)];
  const text = plain
    .map((row) => row.map((cell) => (cell === null ? nothing : String(cell))).join(cut))
    .join('\n');
  const pieces = types.map(
    ([, type], i) => `CAST(NULLIF(SPLIT_PART(line, '${cut}', ${i + 1}), '${nothing}') AS ${type})`,
  );
  return [
    created,
    `INSERT INTO ${table} SELECT ${pieces.join(', ')} FROM ${writer.dialect.lines(text)} l`,
    ...fill(writer, table, awkward),
  ];
}
