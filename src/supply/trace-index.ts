/**
 * The trace codes of one release, to be looked up without hashing its rows (E9): a file of fixed-width lines, each a keyed
 * hash of a code and the pseudonym of its row, sorted. Sleepers stand among the others. Whoever finds a line holds the code
 * against its pseudonym: the hash is cut.
 */
import { closeSync, constants, fstatSync, openSync, read } from 'node:fs';
import { promisify } from 'node:util';
import type { Engine } from '../bulk/engine.ts';
import { keyedHash } from '../roster/token.ts';
import { SupplyError } from './supply-error.ts';
import { traceCode, traceCodesSql } from './trace-code.ts';

const hashDigits = 16;
const pseudonymDigits = 32;
const lineBytes = hashDigits + pseudonymDigits + 1;
const lineFeed = 10;

/** The keys of a release's codes, and of its index; 32 ASCII characters each. */
export type TraceKeys = { readonly codes: string; readonly index: string };
export type IndexOf = {
  readonly keys: TraceKeys;
  /** Path of the release's `decisions.parquet`. */
  readonly decisions: string;
  /** Pseudonyms of its sleepers. */
  readonly sleepers: readonly string[];
};

/** Writes the index to `path`; gives how many lines it has. */
export async function writeTraceIndex(engine: Engine, of: IndexOf, path: string): Promise<number> {
  const { dialect } = engine;
  const { keys, decisions, sleepers } = of;
  const released = `(SELECT pseudonym FROM ${dialect.parquet(decisions)} d WHERE reasons = 0)`;
  const rows = `SELECT SUBSTRING(${dialect.keyedHash(keys.index, 'c.code')}, 1, ${hashDigits}) || c.pseudonym AS line
    FROM (${traceCodesSql(dialect, keys.codes, released)}) c`;
  const asleep = sleepers.map((pseudonym) => lineStart(keys, traceCode(keys.codes, pseudonym)) + pseudonym);
  const all =
    asleep.length === 0
      ? rows
      : `SELECT line FROM (${rows}) r UNION ALL SELECT line FROM ${dialect.lines(asleep.join('\n'))} s`;
  return engine.copy(`SELECT line FROM (${all}) a ORDER BY line`, path, 'lines');
}

const lineStart = ({ index }: TraceKeys, code: string): string => keyedHash(index, code).slice(0, hashDigits);

/** Lines read around the guess: of a million codes, half the guesses are within half of these. */
const window = 680;
const readAt = promisify(read);

/**
 * The pseudonym of the row that carries the code; null where none does. Reads as much of the file in either case. Throws
 * SupplyError `trace-index-broken` where the file cannot be an index.
 */
export async function findInTraceIndex(path: string, keys: TraceKeys, code: string): Promise<string | null> {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile() || found.size % lineBytes !== 0) throw broken(path);
    const sought = lineStart(keys, code);
    for (const pseudonym of await search(file, path, found.size / lineBytes, sought))
      if (traceCode(keys.codes, pseudonym) === code) return pseudonym;
    return null;
  } finally {
    closeSync(file);
  }
}

/** The pseudonyms of the lines that begin with `sought`; hashes are spread evenly, so that their place can be guessed. */
async function search(file: number, path: string, rows: number, sought: string): Promise<readonly string[]> {
  const hash = Buffer.from(sought, 'latin1');
  // 48 bits are exact in a number, and finer than any place in a file.
  const share = Number.parseInt(sought.slice(0, 12), 16) / 2 ** 48;
  let [from, until, width, middle] = [0, rows, window, Math.floor(share * rows)];
  while (from < until) {
    const first = Math.max(from, Math.min(middle - width / 2, until - width));
    const count = Math.min(width, until - first);
    const end = first + count;
    const lines = await readLines(file, path, first, count);
    const least = firstNotBelow(lines, count, hash);
    const fits = fitting(lines, least, hash);
    const high = least + fits.length;
    // Where a line that fits stands at an end, more of them may stand beyond it.
    const cut = fits.length > 0 && ((least === 0 && first > from) || (high === count && end < until));
    if (fits.length === 0 && least === 0) until = first;
    else if (fits.length === 0 && least === count) from = end;
    else if (!cut) return fits;
    // Each time twice as far: in a file whose hashes are not spread the place is found as well.
    width *= 2;
    if (until === first) middle = until - width / 2;
    else if (from === end) middle = from + width / 2;
  }
  return [];
}

const orderAt = (lines: Buffer, line: number, hash: Buffer): number =>
  lines.compare(hash, 0, hashDigits, line * lineBytes, line * lineBytes + hashDigits);

/** How many of sorted lines come before a hash. */
function firstNotBelow(lines: Buffer, count: number, hash: Buffer): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (orderAt(lines, middle, hash) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The pseudonyms of the lines from `line` on that begin with a hash. */
function fitting(lines: Buffer, line: number, hash: Buffer): readonly string[] {
  const found: string[] = [];
  for (let i = line; i * lineBytes < lines.length && orderAt(lines, i, hash) === 0; i++)
    found.push(lines.toString('latin1', i * lineBytes + hashDigits, (i + 1) * lineBytes - 1));
  return found;
}

async function readLines(file: number, path: string, first: number, count: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(count * lineBytes);
  const { bytesRead } = await readAt(file, bytes, 0, bytes.length, first * lineBytes);
  let whole = bytesRead === bytes.length;
  for (let at = lineBytes - 1; whole && at < bytes.length; at += lineBytes) whole = bytes[at] === lineFeed;
  if (whole) return bytes;
  throw broken(path);
}

const broken = (path: string): SupplyError =>
  new SupplyError(
    'trace-index-broken',
    `${path} is no index of trace codes: remove it, and it is made again`,
  );
