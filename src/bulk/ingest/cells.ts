/** The typed cells of a table: trimmed, empty is null, and what does not cast is a fault of its row, never a null. */
import type { FieldType, FileSpec } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { IngestError } from './ingest-error.ts';
import type { Table } from './table.ts';

export type CellType = FieldType | 'instant' | 'required';
/** Gathers which columns are read as what; the names it gives are columns of the SQL it writes. */
export type Cells = {
  text(column: string): string;
  /** A date as text, `YYYY-MM-DD`; of a row that is bad it may be anything. */
  day(column: string): string;
  /** The name of the typed value. An `instant` is the latest it can be, in milliseconds. */
  typed(column: string, type: CellType): string;
  /** The typed table over the SQL of a table (its own, or its numbered one): the cells, and `bad`. */
  sql(from: string, numbered: boolean): string;
  /** As of the table. */
  readonly exotic: boolean;
  readonly cuts: boolean;
  /** What can be wrong with a row: a condition on the typed table, and what to say. */
  readonly checks: readonly {
    readonly column: string;
    readonly text: string;
    readonly test: string;
    readonly cause: string;
  }[];
};

type TypedCell = {
  readonly name: string;
  readonly sql: string;
  /** What `sql` is over besides the text: worked out once, before. */
  readonly read: { readonly name: string; readonly sql: string } | null;
  readonly text: string;
  readonly column: string;
  readonly type: CellType;
};

const says: Readonly<Record<Exclude<CellType, 'text'>, string>> = {
  date: 'not a date from 1900 to 2100 written',
  integer: 'not a whole number',
  boolean: 'not yes or no (y, n, yes, no, true, false, 1, 0)',
  instant: 'not a date or a time written',
  required: 'empty: a record needs its id',
};

export function cellsOf(engine: Engine, table: Table, spec: FileSpec): Cells {
  const texts = new Map<string, string>();
  const typed = new Map<string, TypedCell>();
  const { intake } = engine;
  const text = (column: string): string => {
    const name = texts.get(column) ?? `x${texts.size}`;
    texts.set(column, name);
    return name;
  };
  const typedOf = (column: string, type: CellType): string => {
    const x = text(column);
    if (type === 'text') return x;
    const key = `${type} ${column}`;
    const found = typed.get(key);
    if (found) return found.name;
    const format = table.isoDates(column) ? 'YYYY-MM-DD' : spec.dateFormat;
    const name = `t${typed.size}`;
    const read = readOf(engine, x, type, format, `r${typed.size}`);
    const sql =
      read === null
        ? castOf(engine, spec.path, x, type, format)
        : type === 'date'
          ? intake.dateRead(x, read.name, calendar)
          : intake.instantHigh(x, read.name);
    typed.set(key, { name, column, type, text: x, read, sql });
    return name;
  };
  return {
    exotic: table.exotic,
    cuts: table.cuts,
    text,
    day: (column) => {
      const date = typedOf(column, 'date');
      const asIs = table.isoDates(column) || isIso(spec.dateFormat);
      return asIs ? text(column) : intake.text(date);
    },
    typed: typedOf,
    sql: (from, numbered) => {
      const line = numbered ? 'line, ' : '';
      const trimmed = [...texts].map(([column, name]) => `${table.trimmed(column)} AS ${name}`);
      const reads = [...typed.values()].flatMap(({ read }) => (read ? [`${read.sql} AS ${read.name}`] : []));
      const casts = [...typed.values()].map(({ name, sql }) => `${sql} AS ${name}`);
      const tests = checksOf(typed).map(({ test }) => test);
      const inner = `SELECT ${line}${[...texts.values(), ...casts].join(', ')} FROM (SELECT ${['*', ...reads].join(', ')} FROM (SELECT ${line}${trimmed.join(', ')} FROM ${from}))`;
      return `(SELECT *, ${tests.length === 0 ? 'FALSE' : tests.join(' OR ')} AS bad FROM (${inner}))`;
    },
    get checks() {
      return checksOf(typed).map(({ cause, type, ...check }) => ({
        ...check,
        cause: type === 'date' || type === 'instant' ? `${cause} ${spec.dateFormat}` : cause,
      }));
    },
  };
}

function checksOf(typed: ReadonlyMap<string, TypedCell>) {
  return [...typed.values()].flatMap(({ name, text, column, type }) => {
    if (type === 'text') return [];
    const test = type === 'required' ? `${text} IS NULL` : `(${text} IS NOT NULL AND ${name} IS NULL)`;
    return [{ column, text, test, cause: says[type], type }];
  });
}

/** Dates and times in the engine's own way of writing are read once. */
function readOf(
  { intake }: Engine,
  x: string,
  type: CellType,
  format: string,
  name: string,
): TypedCell['read'] {
  if (!isIso(format)) return null;
  if (type === 'date') return { name, sql: intake.readDate(x) };
  return type === 'instant' ? { name, sql: intake.readTime(x) } : null;
}

function castOf(engine: Engine, path: string, x: string, type: CellType, format: string): string {
  switch (type) {
    case 'text':
    case 'required':
      return x;
    case 'date':
      return dateOf(engine, path, x, format);
    case 'integer':
      return engine.intake.integer(x);
    case 'boolean':
      return booleanOf(x);
    case 'instant': {
      const day = engine.intake.text(dateOf(engine, path, x, format));
      return engine.intake.instantHigh(day, engine.intake.readTime(day));
    }
  }
}

/** What is said of a text that is a yes, and of one that is a no. Null where it is neither. */
export type Answers = readonly [yes: string, no: string];

export function booleanOf(x: string, [yes, no]: Answers = ['TRUE', 'FALSE']): string {
  // Mostly it is a letter, which needs no folding.
  return `CASE WHEN ${x} = 'N' THEN ${no} WHEN ${x} = 'Y' THEN ${yes}
    WHEN lower(${x}) IN ('y', 'yes', 'true', '1') THEN ${yes} WHEN lower(${x}) IN ('n', 'no', 'false', '0') THEN ${no} END`;
}

const isIso = (format: string): boolean => format === 'YYYY-MM-DD';
const calendar = ['1900-01-01', '2100-12-31'] as const;

/** A date in a fixed-width format of YYYY, MM and DD; a format that goes on to HH tolerates a time behind. */
export function dateOf({ intake }: Engine, path: string, x: string, format: string): string {
  const time = format.search(/[T ]?HH/);
  const days = time < 0 ? format : format.slice(0, time);
  const at = { y: days.indexOf('YYYY'), m: days.indexOf('MM'), d: days.indexOf('DD') };
  if (at.y < 0 || at.m < 0 || at.d < 0)
    throw new IngestError(
      'date-format',
      path,
      `the date format "${format}" lacks YYYY, MM or DD before the time`,
      null,
    );
  const iso = isIso(days);
  const prefix = time < 0 ? x : `substr(${x}, 1, ${days.length})`;
  const piece = (from: number, length: number): string => `substr(${x}, ${from + 1}, ${length})`;
  const written = iso ? prefix : `${piece(at.y, 4)} || '-' || ${piece(at.m, 2)} || '-' || ${piece(at.d, 2)}`;
  const shape = days.replace(/YYYY|MM|DD/g, (t) => `[0-9]{${t.length}}`).replace(/[.]/g, '[.]');
  const rest = time < 0 ? '' : '([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9:]+)?)?';
  if (iso && time < 0) return intake.dateRead(x, intake.readDate(x), calendar);
  return `CASE WHEN ${intake.matches(x, shape + rest)} AND (${written}) BETWEEN '1900-01-01' AND '2100-12-31' THEN ${intake.date(`(${written})`)} END`;
}
