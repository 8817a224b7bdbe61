/**
 * The careful reader: for files of which a record is not always a line. Writes a plain CSV of the same cells, each
 * row with the line it begins at, and a file of what it could not read; every line ends in one of the two, or is blank.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { CsvError, type Parser, parse } from 'csv-parse';
import type { CsvDialect } from './csv-dialect.ts';
import { IngestError } from './ingest-error.ts';

export type RowFault = {
  readonly line: number;
  readonly code: 'E_HEADERS' | 'E_CSV_PARSE';
  readonly cause: string;
};
export type CarefulResult = {
  readonly rows: number;
  /** Rows with fewer cells than the header names. */
  readonly short: number;
  /** Rows, or lines, that could not be read. */
  readonly faults: number;
  readonly first: RowFault | null;
};

const maxRecord = 1 << 20;
const maxFaults = 10_000;
const chunkBytes = 1 << 20;

/** `rows`: `line` and the columns; `faults`: `line,column,value,cause`; `faultWords`: its cells, one a row; no headers. */
export type CarefulPaths = { readonly rows: string; readonly faults: string; readonly faultWords: string };

export async function readCarefully(
  source: { readonly path: string; readonly shown: string },
  dialect: CsvDialect,
  escapedBy: '"' | '\\',
  to: CarefulPaths,
): Promise<CarefulResult> {
  const input = openSync(source.path, 'r');
  const rows = openSync(to.rows, 'w', 0o600);
  const faults = openSync(to.faults, 'w', 0o600);
  const words = openSync(to.faultWords, 'w', 0o600);
  try {
    const sink = sinkOf({ rows, faults, words }, dialect, unendedAt(input));
    let at: Cursor = { byte: dialect.headBytes, line: dialect.headLines + 1 };
    for (let restarts = 0; ; restarts++) {
      const failed = await parseFrom(input, at, dialect.delimiter, escapedBy, sink);
      sink.flush();
      if (failed === null) return sink.result();
      if (restarts >= maxFaults) {
        throw new IngestError(
          'E_CSV_PARSE',
          source.shown,
          `more than ${maxFaults} rows are broken; look at the quotes and the delimiter`,
          { line: failed.at.line, column: null },
        );
      }
      at = reject(input, failed, dialect.delimiter, sink);
      sink.flush();
    }
  } finally {
    closeSync(input);
    closeSync(rows);
    closeSync(faults);
    closeSync(words);
  }
}

/** The byte at which a last line without a line end ends: the file may have been cut there. */
function unendedAt(input: number): number | null {
  const { size } = fstatSync(input);
  const last = size === 0 ? 0x0a : peek(input, size - 1);
  return last === 0x0a || last === 0x0d ? null : size;
}

type Cursor = { readonly byte: number; readonly line: number };
type Failure = { readonly at: Cursor; readonly code: string };
type Sink = {
  /** `end`: the byte behind the row. */
  row(fields: readonly string[], line: number, end: number): void;
  /** `words`: all that may be a cell of it. */
  fault(line: number, code: RowFault['code'], value: string, cause: string, words: readonly string[]): void;
  flush(): void;
  result(): CarefulResult;
};

/** Parses to the end, or to the first record that breaks: where that one begins. */
async function parseFrom(
  input: number,
  from: Cursor,
  delimiter: string,
  escapedBy: string,
  sink: Sink,
): Promise<Failure | null> {
  const lines = lineCounter(input, from);
  let done = from;
  const parser = parse({
    delimiter,
    escape: escapedBy,
    quote: '"',
    ltrim: true,
    rtrim: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: maxRecord,
    on_record: (record: string[], context) => {
      const byte = from.byte + context.bytes;
      sink.row(record, done.line, byte);
      done = { byte, line: lines(byte) };
      return null;
    },
  });
  parser.on('error', () => {});
  parser.resume();
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let position = from.byte;
  for (;;) {
    const read = readSync(input, chunk, 0, chunkBytes, position);
    // The parser may hold on to what it was given.
    const error = await (read === 0 ? finish(parser) : push(parser, Buffer.from(chunk.subarray(0, read))));
    sink.flush();
    if (error) {
      if (error instanceof CsvError) return { at: done, code: error.code };
      throw error;
    }
    if (read === 0) return null;
    position += read;
  }
}

function push(parser: Parser, chunk: Buffer): Promise<Error | null> {
  return new Promise((resolve) => parser.write(chunk, (error) => resolve(error ?? null)));
}

function finish(parser: Parser): Promise<Error | null> {
  return new Promise((resolve) => {
    parser.once('error', resolve);
    parser.once('end', () => resolve(null));
    parser.end();
  });
}

/** The line a byte is on, asked in rising order. Not left to the parser: it counts a quoted CRLF twice. */
function lineCounter(input: number, from: Cursor): (byte: number) => number {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let start = from.byte;
  let filled = 0;
  let next = from.byte;
  let line = from.line;
  let last = 0;
  return (byte) => {
    for (; next < byte; next++) {
      if (next >= start + filled) {
        start = next;
        filled = readSync(input, chunk, 0, chunkBytes, start);
        if (filled === 0) break;
      }
      const letter = chunk[next - start] ?? 0;
      if (letter === 0x0d || (letter === 0x0a && last !== 0x0d)) line++;
      last = letter;
    }
    return line;
  };
}

/** The line where a broken record begins cannot be read; nor, where its quote never closes, any after it. */
function reject(input: number, { at, code }: Failure, delimiter: string, sink: Sink): Cursor {
  const open = code === 'CSV_QUOTE_NOT_CLOSED';
  let { byte, line } = at;
  for (;;) {
    const read = readLine(input, byte);
    if (read === null) return { byte, line };
    if (read.text.trim() !== '') {
      const cause = open
        ? `a quote opened on line ${at.line} is never closed`
        : code === 'CSV_MAX_RECORD_SIZE'
          ? 'a quote opened here is not closed within a megabyte'
          : 'a quote in the wrong place: double it, or quote the whole cell';
      // However the line was meant to be cut.
      const words = [
        ...read.text.split(delimiter),
        ...read.text.split(delimiter).flatMap((c) => c.split('"')),
      ];
      sink.fault(line, 'E_CSV_PARSE', read.text, cause, words);
      if (!open) return { byte: byte + read.bytes, line: line + 1 };
    }
    byte += read.bytes;
    line++;
  }
}

function readLine(input: number, from: number): { text: string; bytes: number } | null {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const chunk = Buffer.alloc(65_536);
    const read = readSync(input, chunk, 0, chunk.length, from + bytes);
    if (read === 0) return bytes === 0 ? null : { text: Buffer.concat(parts).toString('utf8'), bytes };
    const part = chunk.subarray(0, read);
    const feed = part.indexOf(0x0a);
    const back = part.indexOf(0x0d);
    const end = back >= 0 && (feed < 0 || back < feed) ? back : feed;
    if (end < 0) {
      parts.push(part);
      bytes += read;
      continue;
    }
    const pair =
      part[end] === 0x0d &&
      (part[end + 1] === 0x0a || (end + 1 === read && peek(input, from + bytes + read) === 0x0a));
    parts.push(part.subarray(0, end));
    return { text: Buffer.concat(parts).toString('utf8'), bytes: bytes + end + (pair ? 2 : 1) };
  }
}

function peek(input: number, at: number): number | undefined {
  const one = Buffer.alloc(1);
  return readSync(input, one, 0, 1, at) === 1 ? one[0] : undefined;
}

type SinkFiles = { readonly rows: number; readonly faults: number; readonly words: number };

function sinkOf(to: SinkFiles, { columns }: CsvDialect, unended: number | null): Sink {
  const width = columns.length;
  let pending: string[] = [];
  let pendingFaults: string[] = [];
  let pendingWords: string[] = [];
  let rows = 0;
  let short = 0;
  let faults = 0;
  let first: RowFault | null = null;
  const fault: Sink['fault'] = (line, code, value, cause, words) => {
    faults++;
    first ??= { line, code, cause };
    pendingFaults.push(`${line},,${cell(value.slice(0, 2000))},${cell(`${code}: ${cause}`)}\n`);
    for (const word of new Set(words.map((each) => each.trim())))
      if (word !== '') pendingWords.push(`${cell(word)}\n`);
  };
  return {
    fault,
    row: (fields, line, end) => {
      if (fields.length === 1 && fields[0]?.trim() === '') return;
      if (fields.slice(width).some((field) => field.trim() !== '')) {
        fault(
          line,
          'E_HEADERS',
          fields.slice(width).join(' '),
          `${fields.length} cells, and the header names ${width}`,
          fields,
        );
        return;
      }
      if (fields.length < width) {
        if (unended !== null && end >= unended) {
          const cause = `the file ends within this line: ${fields.length} cells of ${width}, and no line end`;
          fault(line, 'E_CSV_PARSE', fields.join(' '), cause, fields);
          return;
        }
        short++;
      }
      rows++;
      pending.push(
        `${line}${Array.from({ length: width }, (_, i) => `,${cell(fields[i] ?? '')}`).join('')}\n`,
      );
    },
    flush: () => {
      if (pending.length > 0) writeSync(to.rows, pending.join(''));
      if (pendingFaults.length > 0) writeSync(to.faults, pendingFaults.join(''));
      if (pendingWords.length > 0) writeSync(to.words, pendingWords.join(''));
      pending = [];
      pendingFaults = [];
      pendingWords = [];
    },
    result: () => ({ rows, short, faults, first }),
  };
}

const cell = (value: string): string => (value === '' ? '' : `"${value.replaceAll('"', '""')}"`);
