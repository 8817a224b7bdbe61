/** How a CSV file is cut: its delimiter, and its header, which is read here and nowhere else. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { FileSpec } from '../../policy/model.ts';
import { looksLikeHeader } from './columns.ts';
import type { Decoded } from './decode.ts';
import { IngestError } from './ingest-error.ts';

export type CsvDialect = {
  readonly delimiter: string;
  /** Trimmed; an empty name is `column_<n>`. */
  readonly columns: readonly string[];
  /** Physical lines before the first record, and the byte it begins at. */
  readonly headLines: number;
  readonly headBytes: number;
};

const candidates = [',', ';', '\t', '|', '^', '\x1f'];
/** The delimiters that `Scan.edges` knows; of commas `Scan.commaEdges` knows more. */
export const edgeDelimiters: readonly string[] = candidates;
const names: Readonly<Record<string, string>> = { '\t': 'tab', '\x1f': '0x1f' };
const headBytes = 1 << 20;
const sampled = 200;

/** Refuses with E_DIALECT where the delimiter is not plain to see, with E_HEADERS where there is no header to go by. */
export function csvDialect(spec: Pick<FileSpec, 'path' | 'delimiter'>, file: Decoded): CsvDialect {
  const head = readHead(file);
  let from = skipBlank(head.text, 0);
  const separator = /^"?sep=(.)"?[ \t]*(?:\r?\n|\r|$)/.exec(head.text.slice(from));
  if (separator) from = skipBlank(head.text, from + separator[0].length);
  if (from >= head.text.length) {
    throw new IngestError(
      'E_HEADERS',
      spec.path,
      'there is no header: the first line names the columns',
      null,
    );
  }
  const body = head.text.slice(from);
  const forced = spec.delimiter ?? separator?.[1] ?? null;
  const delimiter = forced ?? detect(spec.path, body, head.whole);
  const [header] = rowsOf(body, delimiter, 1, head.whole);
  if (!header)
    throw new IngestError('E_HEADERS', spec.path, 'the header does not end within the first megabyte', null);
  const before = head.text.slice(0, from + header.length);
  return {
    delimiter,
    columns: columnNames(spec.path, header.fields, linesIn(head.text.slice(0, from)) + 1),
    headLines: linesIn(before) + (/[\r\n]$/.test(before) ? 0 : 1),
    headBytes: head.skipped + Buffer.byteLength(before),
  };
}

function readHead(file: Decoded): { text: string; whole: boolean; skipped: number } {
  const skipped = file.scan.mark === 'utf-8' ? 3 : 0;
  const buffer = Buffer.alloc(headBytes);
  const handle = openSync(file.path, 'r');
  try {
    const read = readSync(handle, buffer, 0, headBytes, skipped);
    const whole = read < headBytes;
    // A character may be cut at the end; so far nobody reads.
    return { text: buffer.subarray(0, read).toString('utf8'), whole, skipped };
  } finally {
    closeSync(handle);
  }
}

function skipBlank(text: string, from: number): number {
  const blank = /(?:[^\S\r\n]*(?:\r\n|\n|\r))*/y;
  blank.lastIndex = from;
  const at = from + (blank.exec(text)?.[0].length ?? 0);
  return text.slice(at, at + 4096).trim() === '' && text.slice(at).trim() === '' ? text.length : at;
}

const linesIn = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

/** The delimiter that cuts the header into columns and the rows alike; a tie is nobody's to guess. */
function detect(path: string, body: string, whole: boolean): string {
  const scored = candidates
    .map((delimiter) => ({ delimiter, ...score(rowsOf(body, delimiter, sampled, whole)) }))
    .filter(({ columns }) => columns > 1)
    .sort((a, b) => b.alike - a.alike || b.columns - a.columns);
  const [best, next] = scored;
  const declare = 'declare the delimiter of the file';
  if (!best)
    throw new IngestError('E_DIALECT', path, `no delimiter of , ; tab | ^ 0x1f cuts the header; ${declare}`, {
      line: 1,
      column: null,
    });
  if (next && next.alike === best.alike && next.columns === best.columns) {
    const either = `${names[best.delimiter] ?? best.delimiter} or ${names[next.delimiter] ?? next.delimiter}`;
    throw new IngestError('E_DIALECT', path, `the delimiter may be ${either}; ${declare}`, {
      line: 1,
      column: null,
    });
  }
  return best.delimiter;
}

function score(rows: readonly SampleRow[]): { columns: number; alike: number } {
  const [header, ...rest] = rows;
  const columns = header?.fields.length ?? 0;
  const counted = rest.filter(({ fields }) => fields.some((field) => field.trim() !== ''));
  const alike = counted.filter(
    ({ fields }) => fields.length === columns || fields.slice(columns).every((f) => f.trim() === ''),
  );
  return { columns, alike: counted.length === 0 ? 1 : alike.length / counted.length };
}

type SampleRow = { readonly fields: readonly string[]; readonly length: number };

/** The first rows, read leniently: good enough to count columns by. A row cut by the end of the head is left out. */
function rowsOf(text: string, delimiter: string, limit: number, whole: boolean): readonly SampleRow[] {
  const rows: SampleRow[] = [];
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let start = 0;
  const endRow = (next: number): void => {
    rows.push({ fields: [...fields, field], length: next - start });
    fields = [];
    field = '';
    start = next;
  };
  let i = 0;
  for (; i < text.length && rows.length < limit; i++) {
    const letter = text.charAt(i);
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (text[i + 1] === '"') field += text.charAt(i++);
      else quoted = false;
    } else if (letter === '"' && field.trim() === '') {
      field = '';
      quoted = true;
    } else if (letter === delimiter) {
      fields.push(field);
      field = '';
    } else if (letter === '\n' || letter === '\r') {
      if (letter === '\r' && text[i + 1] === '\n') i++;
      endRow(i + 1);
    } else field += letter;
  }
  if (rows.length < limit && whole && start < text.length) endRow(text.length);
  return rows;
}

function columnNames(path: string, header: readonly string[], line: number): readonly string[] {
  const columns = header.map((name, i) => name.trim() || `column_${i + 1}`);
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) {
    const said = looksLikeHeader(columns)
      ? `two columns are named "${twice.slice(0, 40)}"; give each its own name`
      : 'two columns are named the same, and this looks like data: the first line must name the columns';
    throw new IngestError('E_HEADERS', path, said, { line, column: null });
  }
  return columns;
}
