/**
 * A batch of preference events in SQL: each row committed to under a salt of its own, so that one can be opened, or
 * erased, without the others; `src/roster/raw-commitment.ts` is the twin of the commitment in memory (E2, E8).
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { eventColumns } from '../policy/preference-event.ts';
import { escapes } from '../roster/raw-commitment.ts';
import type { Engine } from './engine.ts';
import { requireColumns, unreadColumns } from './ingest/columns.ts';
import { type Aside, type Opened, readTable, type Table } from './ingest/table.ts';
import { treeOf } from './preference-batch-tree.ts';
import { masterSql } from './tokens.ts';

/** What the vault keeps of a batch, beside the CSV that an ingest reads: `row` (from 0), `salt`, `person`, `commitment`. */
export const saltsPath = (csv: string): string => csv.replace(/csv$/, 'parquet');

/** What stands in an opened row beside the columns: SHA-256 of the token, as on a receipt. */
export const personName = 'person';
const names = [...eventColumns, personName].sort();

export type BatchFault = {
  readonly code:
    | 'batch-unreadable'
    | 'batch-column-unknown'
    | 'batch-empty'
    | 'batch-cell-missing'
    | 'batch-nameless'
    | 'batch-event-twice';
  /** In the file; null where it is of no one line. */
  readonly line: number | null;
  /** It quotes nothing of the file but the names of columns. */
  readonly cause: string;
};
export type BatchSecrets = { readonly secrets: string; readonly masterKey: string };
export type BatchMade = {
  readonly kind: 'made';
  readonly rows: number;
  /** 64 hex. */
  readonly root: string;
  /** Rows whose record is known. */
  readonly known: number;
};

/** Writes `batch.csv` and `batch.parquet` into `work`; or says what is wrong with the file. Throws IngestError. */
export async function makeBatch(
  engine: Engine,
  opened: Opened,
  work: string,
  { secrets, masterKey }: BatchSecrets,
): Promise<BatchMade | ({ readonly kind: 'fault' } & BatchFault)> {
  const { dialect } = engine;
  const cells = join(work, 'cells.parquet');
  const table = await readCells(engine, opened, { dir: work, name: 'file' }, cells);
  const fault = tableFault(table) ?? (await rowFault(engine, cells));
  if (fault !== null) return { kind: 'fault', ...fault };
  // Nobody keeps the seed: neither a salt nor a line tells another salt.
  const seed = randomBytes(24).toString('base64url');
  const master = masterSql(engine, masterKey, 's.rid', 's.nonce');
  const columns = eventColumns.map((name) => `c.${dialect.identifier(name)}`).join(', ');
  const rows = join(work, 'rows.parquet');
  await engine.copy(
    `SELECT c.line, ${columns}, SUBSTRING(${dialect.sha256(`${dialect.literal(`${seed}/`)} || ${engine.intake.text('c.line')}`)}, 1, 32) AS salt,
       CASE WHEN s.rid IS NOT NULL THEN ${dialect.sha256(`${dialect.literal('astold/person/1\n')} || ${master}`)} END AS ${personName}
     FROM ${dialect.parquet(cells)} c LEFT JOIN ${dialect.parquet(secrets)} s ON s.rid = c.record ORDER BY c.line`,
    rows,
    'parquet',
  );
  const all = dialect.parquet(rows);
  await engine.copy(
    `SELECT CAST(ROW_NUMBER() OVER (ORDER BY r.line) - 1 AS INTEGER) AS "row", r.salt, r.${personName},
       ${await commitmentSql(engine, all)} AS commitment FROM ${all} r ORDER BY r.line`,
    join(work, 'batch.parquet'),
    'parquet',
  );
  const csv = eventColumns.map((name) => dialect.identifier(name)).join(', ');
  const written = await engine.copy(
    `SELECT ${csv} FROM ${all} ORDER BY line`,
    join(work, 'batch.csv'),
    'csv',
  );
  const tree = await treeOf(engine, join(work, 'batch.parquet'), work, null);
  if (tree.size !== written) throw new RangeError('a row of the batch was lost');
  const [known] = await engine.rows(`SELECT COUNT(${personName}) AS n FROM ${all}`);
  return {
    kind: 'made',
    rows: written,
    root: tree.root.toString('hex'),
    known: Number(known?.n),
  };
}

type CellsRead = Table & { readonly unknown: readonly string[] };

async function readCells(engine: Engine, opened: Opened, aside: Aside, to: string): Promise<CellsRead> {
  let unknown: readonly string[] = [];
  const table = await readTable(engine, opened, aside, (read) => {
    const { path } = opened.file;
    unknown = unreadColumns(read, path, eventColumns);
    requireColumns(read, path, ['event', 'kind', 'received']);
    const cells = eventColumns.map((name) => {
      const cell = read.columns.includes(name) ? read.trimmed(name) : 'CAST(NULL AS VARCHAR)';
      return `${cell} AS ${engine.dialect.identifier(name)}`;
    });
    return engine.copy(`SELECT line, ${cells.join(', ')} FROM ${read.numbered}`, to, 'parquet');
  });
  return { ...table, unknown };
}

function tableFault({ unknown, firstFault, faults, short, rows }: CellsRead): BatchFault | null {
  if (unknown.length > 0)
    return {
      code: 'batch-column-unknown',
      line: 1,
      cause: `${unknown.length} of its columns are not known here; take them out: what nobody reads is not recorded`,
    };
  if (firstFault !== null)
    return {
      code: 'batch-unreadable',
      line: firstFault.line,
      cause: `${firstFault.cause} (${faults} in all)`,
    };
  if (short > 0)
    return {
      code: 'batch-unreadable',
      line: null,
      cause: `${short} of its rows have fewer cells than its header`,
    };
  return rows > 0 ? null : { code: 'batch-empty', line: null, cause: 'it holds no event' };
}

async function rowFault(engine: Engine, cells: string): Promise<BatchFault | null> {
  const { dialect } = engine;
  const from = dialect.parquet(cells);
  const id = dialect.identifier;
  const empty = (...columns: string[]): string => columns.map((name) => `${id(name)} IS NULL`).join(' AND ');
  const lacking = ['event', 'kind', 'received'].map((name) => empty(name)).join(' OR ');
  const findable = `${empty('record', 'email', 'phone')} AND NOT (postcode IS NOT NULL AND (surname IS NOT NULL OR ${id('birth-date')} IS NOT NULL))
    AND NOT (lower(kind) = 'resolution' AND lifts IS NOT NULL)`;
  const twice = `SELECT event FROM ${from} GROUP BY event HAVING COUNT(*) > 1`;
  const checks: readonly (readonly [BatchFault['code'], string, string])[] = [
    ['batch-cell-missing', lacking, 'its event, its kind or the day it was received is empty'],
    ['batch-nameless', findable, 'it names no record, and comes with nothing a record could be found by'],
    ['batch-event-twice', `event IN (${twice})`, 'its event id stands more than once in the file'],
  ];
  for (const [code, test, cause] of checks) {
    const [found] = await engine.rows(`SELECT MIN(line) AS line, COUNT(*) AS n FROM ${from} WHERE ${test}`);
    if (Number(found?.n) > 0)
      return { code, line: Number(found?.line), cause: `${cause} (${found?.n} in all)` };
  }
  return null;
}

/** The commitment to a row: `rawCommitment` of its cells and its person. */
async function commitmentSql(engine: Engine, from: string): Promise<string> {
  const { dialect } = engine;
  const holds = (name: string): string =>
    escapes
      .map(([letter]) => `POSITION(${dialect.literal(letter)} IN ${dialect.identifier(name)}) > 0`)
      .join(' OR ');
  // Few columns hold what must be escaped, and looking for it is far cheaper than replacing it.
  const [found] = await engine.rows(
    `SELECT ${names.map((name, i) => `MAX(CASE WHEN ${holds(name)} THEN 1 ELSE 0 END) AS c${i}`).join(', ')} FROM ${from}`,
  );
  const lines = names.map((name, i) => {
    const cell = `r.${dialect.identifier(name)}`;
    const value =
      found?.[`c${i}`] === 0
        ? cell
        : escapes.reduce(
            (text, [a, b]) => `REPLACE(${text}, ${dialect.literal(a)}, ${dialect.literal(b)})`,
            cell,
          );
    // A cell that is null makes its line null, and leaves it out.
    return `(${dialect.literal(`\n${name}=`)} || ${value})`;
  });
  return dialect.sha256(dialect.joinTexts(['r.salt', ...lines]));
}
