/** A file as a table of text columns: the one way in, for sources, preference events, areas and lists. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSpec } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import type { RowFault } from './csv-careful.ts';
import { type CsvDialect, csvDialect, edgeDelimiters } from './csv-dialect.ts';
import { type Decoded, decodeFile } from './decode.ts';
import { takeDigest } from './file-digest.ts';
import { type FileState, requireUnchanged } from './file-state.ts';
import { IngestError } from './ingest-error.ts';
import type { FileDigest } from './snapshot.ts';

export type Table = {
  readonly columns: readonly string[];
  /** SQL of the table, of one with `line` beside, and of a column; every column is text, an empty cell null. */
  readonly sql: string;
  readonly numbered: string;
  column(name: string): string;
  /** SQL of a column, white space at both ends off; empty is null. */
  trimmed(name: string): string;
  /** The column holds dates of its own, written `YYYY-MM-DD` whatever the document says. */
  isoDates(name: string): boolean;
  /** Rows it must give: what gives another number has been misread. */
  readonly rows: number;
  /** White space may be more than plain spaces. */
  readonly exotic: boolean;
  /** One of `^`, `|` and `~` may stand in a cell. */
  readonly cuts: boolean;
  /** Rows with fewer cells than the header names: the last ones were taken as empty. */
  readonly short: number;
  readonly faults: number;
  readonly firstFault: RowFault | null;
  /** `line,column,value,cause` of what could not be cut into cells; null where there is none. */
  readonly faultsPath: string | null;
  /** Every cell that may stand in those lines, one a row: a record id may be among them. */
  readonly faultWordsPath: string | null;
};
const noFaults = { short: 0, faults: 0, firstFault: null, faultsPath: null, faultWordsPath: null } as const;
/** A file looked at, not yet read. */
export type Opened = {
  readonly spec: FileSpec;
  readonly file: FileDigest;
  /**
   * The file as UTF-8 text, looked at once; null for Parquet. Rejects with IngestError where it is not text as declared.
   * May be asked early: a large file is looked at aside.
   */
  decode(): Promise<Decoded | null>;
  /** As it stood before the first byte was read. */
  readonly state: FileState;
};
export type Aside = { readonly dir: string; readonly name: string };

/** Digests a file; what is in it is looked at only when it is read, since mostly it was read before. */
export async function openFile(spec: FileSpec, aside: Aside): Promise<Opened> {
  const { state, looked } = takeDigest(spec);
  let decoded: Promise<Decoded> | null = null;
  const decode = async (): Promise<Decoded | null> => {
    if (spec.format === 'parquet') return null;
    decoded ??= looked.then(({ scan }) => decodeFile(spec, scan, aside.dir, aside.name));
    return decoded;
  };
  try {
    const { digest, bytes } = await looked;
    return { spec, state, decode, file: { path: spec.path, digest, bytes } };
  } catch (cause) {
    const hint = 'there is no such file, or it may not be read; check the path in the document';
    throw new IngestError('file-missing', spec.path, hint, null, cause);
  }
}

/**
 * Reads a table with `use`, which gives how many rows it met. The fast way is only trusted where every line proved
 * to be a record; else everything is read again, carefully. `use` must bear being run twice.
 */
export function readTable(
  engine: Engine,
  opened: Opened,
  aside: Aside,
  use: (table: Table) => Promise<number>,
): Promise<Table> {
  return asItWas(opened, () => read(engine, opened, aside, use));
}

/** What is read of a file that changes meanwhile is of neither; and what fails then, fails for that. */
export async function asItWas<T>({ spec, state }: Opened, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    requireUnchanged(spec.path, state);
  }
}

async function read(
  engine: Engine,
  opened: Opened,
  aside: Aside,
  use: (table: Table) => Promise<number>,
): Promise<Table> {
  const { spec } = opened;
  const decoded = await opened.decode();
  if (decoded === null) {
    const table = await parquetTable(engine, spec);
    await use(table);
    return table;
  }
  const dialect = csvDialect(spec, decoded);
  const fast = fastTable(engine, decoded, dialect);
  if (fast !== null && (await attempt(engine, fast, use)) === fast.rows) return fast;
  const careful = await carefulTable(engine, decoded, spec, dialect, aside);
  const met = await use(careful);
  if (met !== careful.rows)
    throw new IngestError(
      'E_CSV_PARSE',
      spec.path,
      `${careful.rows} rows were read and ${met} met again`,
      null,
    );
  return careful;
}

/** What the engine cannot cut, or reads as another number of rows, is for the careful reader to tell; nothing else is. */
async function attempt(
  { intake }: Engine,
  table: Table,
  use: (table: Table) => Promise<number>,
): Promise<number | null> {
  try {
    return await use(table);
  } catch (error) {
    if (error instanceof Error && intake.isCsvFault(error)) return null;
    throw error;
  }
}

/**
 * The fast way alone, of a file that another statement reads along; null where there is none. It is to be trusted only
 * where the engine met as many rows as it says; else `readTable` reads it.
 */
export async function tableAlong(engine: Engine, { spec, decode }: Opened): Promise<Table | null> {
  const decoded = await decode();
  return decoded === null ? null : fastTable(engine, decoded, csvDialect(spec, decoded));
}

/** A file of fixed-width lines: each line a row of one column, `c0`. */
export function linesTable(
  engine: Engine,
  opened: Opened,
  aside: Aside,
  use: (table: Table) => Promise<number>,
): Promise<Table> {
  return asItWas(opened, () => readLines(engine, opened, aside, use));
}

async function readLines(
  engine: Engine,
  opened: Opened,
  aside: Aside,
  use: (table: Table) => Promise<number>,
): Promise<Table> {
  const { spec } = opened;
  const decoded = await opened.decode();
  if (decoded === null)
    throw new IngestError('E_PARQUET', spec.path, 'a file of fixed-width lines is text, not Parquet', null);
  const { scan } = decoded;
  if (scan.ends === 'mixed')
    throw new IngestError('E_CSV_PARSE', spec.path, 'its lines end in more than one way', null);
  const skipped = scan.mark === 'utf-8' ? withoutMark(decoded, aside) : decoded.path;
  const sql = engine.intake.lines(skipped);
  const table: Table = {
    columns: ['c0'],
    sql,
    numbered: engine.intake.numbered(sql, 1),
    column: () => 'c0',
    trimmed: () => engine.intake.trim('c0', scan.exotic),
    isoDates: () => false,
    rows: scan.lines,
    exotic: scan.exotic,
    cuts: scan.cuts,
    ...noFaults,
  };
  const met = await use(table);
  if (met !== table.rows)
    throw new IngestError('E_CSV_PARSE', spec.path, `${table.rows} lines were read as ${met}`, null);
  return table;
}

function withoutMark(decoded: Decoded, aside: Aside): string {
  const path = join(aside.dir, `${aside.name}.unmarked`);
  writeFileSync(path, readFileSync(decoded.path).subarray(3));
  return path;
}

/** Null where a record may not be a line. */
function fastTable({ intake, dialect }: Engine, { path, scan }: Decoded, csv: CsvDialect): Table | null {
  if (scan.ends === 'mixed' || scan.backslashQuote) return null;
  const sql = intake.csv({
    path,
    delimiter: csv.delimiter,
    skip: csv.headLines,
    columns: csv.columns.length,
    parallel: true,
  });
  const column = (name: string): string => dialect.identifier(`c${csv.columns.indexOf(name)}`);
  const edges = csv.delimiter === ',' ? scan.commaEdges : scan.edges;
  const trim = scan.exotic || edges || !edgeDelimiters.includes(csv.delimiter);
  return {
    columns: csv.columns,
    sql,
    numbered: intake.numbered(sql, csv.headLines + 1),
    column,
    trimmed: (name) => (trim ? intake.trim(column(name), scan.exotic) : column(name)),
    isoDates: () => false,
    rows: Math.max(0, scan.lines - csv.headLines - scan.blankAtEnd),
    exotic: scan.exotic,
    cuts: scan.cuts,
    ...noFaults,
  };
}

async function carefulTable(
  { intake, dialect }: Engine,
  decoded: Decoded,
  spec: FileSpec,
  csv: CsvDialect,
  aside: Aside,
): Promise<Table> {
  // Seldom needed, and slow to load.
  const { readCarefully } = await import('./csv-careful.ts');
  const path = join(aside.dir, `${aside.name}.csv`);
  const faultsPath = join(aside.dir, `${aside.name}-faults.csv`);
  const faultWordsPath = join(aside.dir, `${aside.name}-fault-words.csv`);
  const to = { rows: path, faults: faultsPath, faultWords: faultWordsPath };
  const cut = (escapedBy: '"' | '\\') =>
    readCarefully({ path: decoded.path, shown: spec.path }, csv, escapedBy, to);
  let result = await cut('"');
  // A backslash before a quote may end a cell or escape the quote: it escapes if only so the file can be read.
  if (result.first?.code === 'E_CSV_PARSE' && decoded.scan.backslashQuote) {
    result = await cut('\\');
    if (result.first?.code === 'E_CSV_PARSE') result = await cut('"');
  }
  const raw = intake.csv({ path, delimiter: ',', skip: 0, columns: csv.columns.length + 1, parallel: false });
  const column = (name: string): string => dialect.identifier(`c${csv.columns.indexOf(name) + 1}`);
  return {
    columns: csv.columns,
    sql: raw,
    numbered: `(SELECT CAST(c0 AS BIGINT) AS line, * FROM ${raw})`,
    column,
    trimmed: (name) => intake.trim(column(name), true),
    isoDates: () => false,
    rows: result.rows,
    exotic: true,
    cuts: true,
    short: result.short,
    faults: result.faults,
    firstFault: result.first,
    faultsPath: result.faults > 0 ? faultsPath : null,
    faultWordsPath: result.faults > 0 ? faultWordsPath : null,
  };
}

async function parquetTable({ dialect, intake, rows }: Engine, spec: FileSpec): Promise<Table> {
  let described: readonly { name: string; type: string }[];
  let count: number;
  try {
    described = (await rows(intake.describeParquet(spec.path))).map((row) => ({
      name: String(row.name),
      type: String(row.type),
    }));
    count = Number((await rows(`SELECT COUNT(*) AS n FROM ${intake.numberedParquet(spec.path)}`))[0]?.n);
  } catch (cause) {
    throw new IngestError('E_PARQUET', spec.path, 'this is not a Parquet file that can be read', null, cause);
  }
  const dates = new Set(
    described.filter(({ type }) => /^(DATE|TIMESTAMP)/.test(type)).map(({ name }) => name),
  );
  const cells = described.map(({ name }, i) => {
    const id = dialect.identifier(name);
    const text = intake.text(dates.has(name) ? `CAST(${id} AS DATE)` : id);
    return `nullif(${text}, '') AS c${i}`;
  });
  const numbered = `(SELECT line, ${cells.join(', ')} FROM ${intake.numberedParquet(spec.path)})`;
  const names = described.map(({ name }) => name);
  const column = (name: string): string => dialect.identifier(`c${names.indexOf(name)}`);
  return {
    columns: names,
    sql: numbered,
    numbered,
    column,
    trimmed: (name) => intake.trim(column(name), true),
    isoDates: (name) => dates.has(name),
    rows: count,
    exotic: true,
    cuts: true,
    ...noFaults,
  };
}
