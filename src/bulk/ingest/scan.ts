/** One pass over the bytes of a text file: what decides how it may be read. */
import { isAscii, isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { type BytePasses, bytePasses } from './byte-passes.ts';
import { fileState } from './file-state.ts';
import { IngestError } from './ingest-error.ts';

export type Mark = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';
export type Scan = {
  readonly bytes: number;
  /** The byte order mark the file begins with. */
  readonly mark: Mark | null;
  /** First NUL, and first byte that is not UTF-8; null where there is none. */
  readonly nul: Place | null;
  readonly notUtf8: Place | null;
  /** Physical lines, the last one counted whether or not it ends. */
  readonly lines: number;
  /** Lines at the end with nothing in them. */
  readonly blankAtEnd: number;
  readonly ends: 'lf' | 'crlf' | 'mixed';
  /** White space other than the plain one: tabs, no-break spaces, and the like. */
  readonly exotic: boolean;
  /** A space may stand at an end of a cell, where it is cut by one of `edgeDelimiters`. */
  readonly edges: boolean;
  /** The same where commas alone cut, and not within quotes; true as well where a quote stands within a cell. */
  readonly commaEdges: boolean;
  /** A backslash before a quote: perhaps an escape. */
  readonly backslashQuote: boolean;
  /** Any of `^`, `|` and `~`, which cut the keys of histories. */
  readonly cuts: boolean;
};
/** A byte of the file: its line, and its column in bytes, both from 1. */
export type Place = { readonly line: number; readonly column: number; readonly byte: number };

const chunkBytes = 1 << 18;
/** Before each chunk: room for a character that the last one cut. */
const room = 16;
let passes: BytePasses | null = null;
const quote = 0x22;
const bom = Buffer.from([0xef, 0xbb, 0xbf]);
const exoticSpaces = ['\u00a0', '\u1680', '\u205f', '\u3000', '\ufeff'].map((space) => Buffer.from(space));
/** What U+2000 to U+203F begin with: spaces, but also the apostrophes and dashes of many a name. */
const punctuation = Buffer.from([0xe2, 0x80]);
const punctuationSpaces = new Set([...Array.from({ length: 11 }, (_, i) => 0x80 + i), 0xa8, 0xa9, 0xaf]);

export const scanFile = (path: string): Scan => scanAlong(path, () => {});

/** The same, giving each part of the file as it is read; it is not kept. */
export function scanAlong(path: string, each: (chunk: Buffer) => void): Scan {
  const file = open(path);
  try {
    return scan(file, each);
  } finally {
    closeSync(file);
  }
}

function open(path: string): number {
  // Opening a pipe would wait for ever.
  fileState(path);
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new IngestError(
      'file-missing',
      path,
      'there is no such file, or it may not be read; check the path in the document',
      null,
      cause,
    );
  }
}

function scan(file: number, each: (chunk: Buffer) => void): Scan {
  passes ??= bytePasses(room + chunkBytes);
  const { memory, count, spaceAtEdge, spaceAtCellEdge } = passes;
  const whole = Buffer.from(memory.buffer);
  let bytes = 0;
  let mark: Mark | null = null;
  let nul: Place | null = null;
  let notUtf8: Place | null = null;
  let feeds = 0;
  let returns = 0;
  let pairs = 0;
  let exotic = false;
  let backslashQuote = false;
  let edges = false;
  let commaEdges = false;
  // Whether all that was read ends within quotes.
  let quoted = false;
  let cuts = false;
  let blankRun = 0;
  let last = 0x0a;
  let carried = 0;
  let lineStart = 0;
  for (;;) {
    const read = readSync(file, whole, room, chunkBytes, null);
    if (read === 0) break;
    const end = room + read;
    const chunk = whole.subarray(room, end);
    // What may stand there is the character that was cut, which ends with it.
    whole[room - 1] = last;
    whole.fill(0x61, end, end + 15);
    each(chunk);
    if (bytes === 0) mark = markOf(chunk);
    const at = (index: number): Place => placeOf(chunk, index, feeds, bytes, lineStart);
    const zero = nul === null ? chunk.indexOf(0) : -1;
    if (zero >= 0) nul = at(zero);
    const before = notUtf8 === null ? carried : 0;
    if (!exotic)
      exotic = hasExotic(whole.subarray(room - before, end), bytes === 0 && mark === 'utf-8' ? 3 : 0);
    if (notUtf8 === null) {
      const text = whole.subarray(room - carried, end);
      const cut = cutCharacter(text);
      if (!isUtf8(text.subarray(0, text.length - cut))) notUtf8 = at(Math.max(0, firstBad(text) - carried));
      text.copy(whole, room - cut, text.length - cut);
      carried = cut;
    }
    if (!backslashQuote) backslashQuote = chunk.includes('\\"') || (last === 0x5c && chunk[0] === 0x22);
    if (!cuts) cuts = chunk.includes(0x5e) || chunk.includes(0x7c) || chunk.includes(0x7e);
    if (chunk.includes(0x0d) || last === 0x0d) {
      returns += count(room, end, 0x0d);
      pairs += countPairs(chunk, last);
    }
    if (!edges) edges = spaceAtEdge(room, end);
    if (!commaEdges) {
      const quotes = count(room, end, quote);
      if (edges || quotes > 0 || last === quote)
        commaEdges = spaceAtCellEdge(room, end, quoted !== (last === quote));
      if (quotes % 2 === 1) quoted = !quoted;
    }
    const here = count(room, end, 0x0a);
    if (here > 0) lineStart = bytes + chunk.lastIndexOf(0x0a) + 1;
    feeds += here;
    blankRun = trailingBlank(chunk, blankRun);
    last = chunk[read - 1] ?? last;
    bytes += read;
  }
  if (carried > 0 && notUtf8 === null)
    notUtf8 = { line: feeds + 1, column: bytes - carried - lineStart + 1, byte: whole[room - carried] ?? 0 };
  const ended = last === 0x0a;
  return {
    bytes,
    mark,
    nul,
    notUtf8,
    lines: feeds + (ended || bytes === 0 ? 0 : 1),
    blankAtEnd: ended ? Math.max(0, blankRun - 1) : 0,
    ends: returns === 0 ? 'lf' : returns === feeds && pairs === feeds ? 'crlf' : 'mixed',
    exotic,
    edges: edges || last === 0x20,
    commaEdges: commaEdges || last === 0x20,
    backslashQuote,
    cuts,
  };
}

function markOf(head: Buffer): Mark | null {
  if (head.length >= 4 && head.readUInt32BE(0) === 0x0000feff) return 'utf-32be';
  if (head.length >= 4 && head.readUInt32BE(0) === 0xfffe0000) return 'utf-32le';
  if (head.length >= 2 && head.readUInt16BE(0) === 0xfffe) return 'utf-16le';
  if (head.length >= 2 && head.readUInt16BE(0) === 0xfeff) return 'utf-16be';
  return head.subarray(0, 3).equals(bom) ? 'utf-8' : null;
}

function countPairs(chunk: Buffer, last: number): number {
  let found = last === 0x0d && chunk[0] === 0x0a ? 1 : 0;
  for (let i = chunk.indexOf('\r\n'); i >= 0; i = chunk.indexOf('\r\n', i + 2)) found++;
  return found;
}

/** How many line feeds the file ends with, carriage returns aside. */
function trailingBlank(chunk: Buffer, before: number): number {
  let run = 0;
  for (let i = chunk.length - 1; i >= 0; i--) {
    if (chunk[i] === 0x0a) run++;
    else if (chunk[i] !== 0x0d) return run;
  }
  return run + before;
}

function hasExotic(chunk: Buffer, from: number): boolean {
  if (chunk.includes(0x09) || chunk.includes(0x0b) || chunk.includes(0x0c)) return true;
  if (isAscii(chunk)) return false;
  if (exoticSpaces.some((space) => chunk.includes(space, from))) return true;
  for (let at = chunk.indexOf(punctuation); at >= 0; at = chunk.indexOf(punctuation, at + 2))
    if (punctuationSpaces.has(chunk[at + 2] ?? 0)) return true;
  return false;
}

/** Bytes at the end that begin a character and do not end it. */
function cutCharacter(text: Buffer): number {
  for (let back = 1; back <= Math.min(3, text.length); back++) {
    const byte = text[text.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

function firstBad(text: Buffer): number {
  let low = 0;
  for (
    let feed = text.indexOf(0x0a);
    feed >= 0 && isUtf8(text.subarray(low, feed));
    feed = text.indexOf(0x0a, low)
  )
    low = feed + 1;
  const end = text.indexOf(0x0a, low);
  const line = text.subarray(low, end < 0 ? text.length : end).toString('utf8');
  return low + Buffer.byteLength(line.slice(0, line.indexOf('\ufffd')));
}

function placeOf(chunk: Buffer, index: number, feeds: number, bytes: number, lineStart: number): Place {
  const before = chunk.subarray(0, index);
  const feed = before.lastIndexOf(0x0a);
  const start = feed < 0 ? lineStart : bytes + feed + 1;
  let line = feeds + 1;
  for (let i = before.indexOf(0x0a); i >= 0; i = before.indexOf(0x0a, i + 1)) line++;
  return { line, column: bytes + index - start + 1, byte: chunk[index] ?? 0 };
}
