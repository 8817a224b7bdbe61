/**
 * A list in CSV cut into records and cells that keep their very bytes: what a supply adds to a list changes nothing of
 * what the release wrote. Quotes are `"`, doubled within; the delimiter is a comma; lines end in a line feed.
 */
import { SupplyError } from './supply-error.ts';

const quote = 0x22;
const lineFeed = 0x0a;
/** No record of a list is as long; a quote that is never closed would swallow the rest. */
const longestRecord = 1 << 20;

/** The records of a stream of bytes, without their line feeds, in batches. Throws SupplyError `list-malformed`. */
export async function* recordsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    const { records, end } = cut(bytes);
    rest = bytes.subarray(end);
    if (rest.length > longestRecord) throw malformed(`a record is longer than ${longestRecord} bytes`);
    if (records.length > 0) yield records;
  }
  if (rest.length > 0) throw malformed('its last line does not end');
}

function cut(bytes: Buffer): { readonly records: readonly string[]; readonly end: number } {
  const records: string[] = [];
  let start = 0;
  let within = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) within = !within;
    else if (byte === lineFeed && !within) {
      records.push(bytes.toString('utf8', start, at));
      start = at + 1;
    }
  }
  return { records, end: start };
}

/** The cells of a record as written, quotes and all. */
export function rawCells(record: string): readonly string[] {
  if (!record.includes('"')) return record.split(',');
  const cells: string[] = [];
  let start = 0;
  let within = false;
  for (let at = 0; at < record.length; at += 1) {
    const sign = record[at];
    if (sign === '"') within = !within;
    else if (sign === ',' && !within) {
      cells.push(record.slice(start, at));
      start = at + 1;
    }
  }
  if (within) throw malformed('a quote is not closed');
  return [...cells, record.slice(start)];
}

/** What a cell says. */
export function cellText(raw: string): string {
  return raw.startsWith('"') && raw.endsWith('"') && raw.length > 1
    ? raw.slice(1, -1).replaceAll('""', '"')
    : raw;
}

/** A cell as a release writes it. */
export function rawCell(text: string): string {
  return text === '' || /[",#\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const malformed = (what: string): SupplyError =>
  new SupplyError('list-malformed', `the list is not CSV as a release writes it: ${what}`);
