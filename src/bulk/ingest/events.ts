/** The preference events, read and attributed to the records they name (C1 to C4). */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type EventColumn,
  eventColumns,
  isStop,
  type PreferenceType,
  preferenceTypes,
} from '../../policy/preference-event.ts';
import {
  scopeCut,
  scopePatterns,
  unknownInPermission,
  unknownInStop,
  wholeScope,
} from '../../policy/scope-word.ts';
import type { Engine } from '../engine.ts';
import { dateOf } from './cells.ts';
import { requireColumns, unreadColumns } from './columns.ts';
import type { RowFault } from './csv-careful.ts';
import { foldPart, keyHash, type Part, sureKinds } from './keys.ts';
import { layered, unordered } from './layered.ts';
import { type Aside, type Opened, readTable, type Table } from './table.ts';

/**
 * Temporary view of the events, over a temporary table or a file aside of each of their files: `n` (its number), `row` (null where no record is named, or none that is known), `class` (null: a
 * stop; `consent`, `lift`, `presented`, `resolution`), `unknown_record` (the id it names that is not in the source), the scope, times, and
 * the hashed keys of the contact details it came with. The details themselves are kept nowhere.
 */
export const eventsTable = 'ingest_events';
export type EventsRead = {
  readonly events: number;
  readonly unread: number;
  readonly shortRows: number;
  readonly firstFault: RowFault | null;
  readonly faultsPath: string | null;
  /** Columns of the file that nobody reads. */
  readonly unknownColumns: readonly string[];
};

/**
 * How many events are held in memory, since they are read a dozen times; and of how many records the ids are, while
 * events are read. More goes by way of files aside.
 */
export const heldInMemory = { events: 1_500_000, records: 4_000_000 } as const;

export type EventsOf = {
  /** Path of `records.parquet`, and how many there are. */
  readonly path: string;
  readonly records: number;
  /** What the ids of erased people are hashed under in these files; null where none is. */
  readonly suppressionKey: string | null;
  readonly held: Readonly<Record<keyof typeof heldInMemory, number>>;
};

/** Reads one file after the other; leaves `eventsTable` of them all, numbered in that order. */
export async function readEvents(
  engine: Engine,
  files: readonly Opened[],
  work: string,
  of: EventsOf,
): Promise<readonly EventsRead[]> {
  const read: EventsRead[] = [];
  const parts: string[] = [];
  let before = 0;
  for (const [i, opened] of files.entries()) {
    const { numbered, ...one } = await readFile(engine, opened, { dir: work, name: preferencesOf(i) }, of);
    parts.push(`SELECT line + ${before} AS n, ${said.join(', ')} FROM ${numbered}`);
    before += one.events;
    read.push(one);
  }
  await engine.run(`CREATE OR REPLACE TEMP VIEW ${eventsTable} AS ${parts.join(' UNION ALL ')}`);
  return read;
}

/** Takes away what `readEvents` left of so many files. */
export async function dropEvents(engine: Engine, files: number): Promise<void> {
  await engine.run(`DROP VIEW ${eventsTable}`);
  for (let i = 0; i < files; i++) await engine.run(`DROP TABLE IF EXISTS ${tableOf(preferencesOf(i))}`);
}

const preferencesOf = (file: number): string => `preferences-${file}`;
const tableOf = (name: string): string => `ingest_${name.replaceAll('-', '_')}`;

async function readFile(
  engine: Engine,
  opened: Opened,
  aside: Aside,
  of: EventsOf,
): Promise<EventsRead & { readonly numbered: string }> {
  let unknownColumns: readonly string[] = [];
  let numbered = '';
  const table = await readTable(engine, opened, aside, async (read) => {
    unknownColumns = unreadColumns(read, opened.file.path, eventColumns);
    requireColumns(read, opened.file.path, ['event', 'kind', 'received']);
    const select = eventsSelect(engine, opened, read);
    const path = join(aside.dir, `${aside.name}.parquet`);
    if (read.rows <= of.held.events && of.records <= of.held.records) {
      numbered = engine.intake.numberedTable(tableOf(aside.name));
      return layered(engine, () => keep(engine, named(engine, `(${select})`, of), tableOf(aside.name)));
    }
    numbered = engine.intake.numberedParquet(path);
    const write = (from: string): Promise<number> => engine.copy(named(engine, from, of), path, 'snapshot');
    // The ids of the records are held in memory beside the text, as long as that is little; else one after the other.
    if (of.records <= of.held.records) return layered(engine, () => write(`(${select})`));
    const unnamed = join(aside.dir, `${aside.name}-unnamed.parquet`);
    await unordered(engine, () => engine.copy(select, unnamed, 'snapshot'));
    const count = await layered(engine, () => write(engine.dialect.parquet(unnamed)));
    rmSync(unnamed);
    return count;
  });
  return {
    numbered,
    events: table.rows + table.faults,
    unread: table.faults,
    shortRows: table.short,
    firstFault: table.firstFault,
    faultsPath: table.faultsPath,
    unknownColumns,
  };
}

async function keep(engine: Engine, select: string, table: string): Promise<number> {
  await engine.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${select}`);
  const [counted] = await engine.rows(`SELECT COUNT(*) AS n FROM ${table}`);
  return Number(counted?.n);
}

/** The parts of contact details an event may come with, by their columns. */
const details: readonly (readonly [Part, EventColumn])[] = [
  ['email', 'email'],
  ['phone', 'phone'],
  ['surname', 'surname'],
  ['three', 'surname'],
  ['address', 'address-line'],
  ['postcode', 'postcode'],
  ['birth', 'birth-date'],
];

function eventsSelect(engine: Engine, opened: Opened, table: Table): string {
  const { intake, dialect } = engine;
  const there = (name: string): boolean => table.columns.includes(name);
  const id = dialect.identifier;
  const absent = 'CAST(NULL AS VARCHAR)';
  const cells = eventColumns.map((name) => `${there(name) ? table.trimmed(name) : absent} AS ${id(name)}`);
  const parts = details.map(([part, column]) => {
    const x = id(column);
    const folded =
      part === 'birth'
        ? dateOf(engine, opened.file.path, x, table.isoDates(column) ? 'YYYY-MM-DD' : opened.spec.dateFormat)
        : foldPart(engine, part, x, table.exotic);
    return `${there(column) ? folded : absent} AS ${id(`part_${part}`)}`;
  });
  const low = ['signed', 'received', 'logged'].map(
    (name) =>
      `${there(name) ? intake.instantLow(name, `${name}_read`) : 'CAST(NULL AS BIGINT)'} AS ${name}_lo`,
  );
  const read = ['signed', 'received', 'logged']
    .filter(there)
    .map((name) => `${intake.readTime(name)} AS ${name}_read`);
  const folded = `SELECT ${['*', "lower(coalesce(kind, '')) AS k", ...read].join(', ')} FROM (SELECT ${cells.join(', ')} FROM ${table.sql})`;
  const known = `SELECT *, ${[...kinds(engine), ...low, ...parts].join(', ')} FROM (${folded})`;
  return `SELECT record, ${finalColumns(
    engine,
    details.map(([part]) => part),
  )} FROM (${known})`;
}

/** `permits` and `known_kind`. Any other kind than these is a stop, and of everything where nobody knows what it is (A5, C9). */
function kinds({ intake }: Engine): readonly string[] {
  const among = (types: readonly PreferenceType[]): string => intake.matches('k', types.join('|'));
  const permissions = preferenceTypes.filter((kind) => !isStop(kind));
  return [`${among(permissions)} AS permits`, `${among(preferenceTypes)} AS known_kind`];
}

const scopeColumns = [
  ['purpose', 'purpose'],
  ['organisation', 'organisation'],
  ['contactChannel', 'contact-channel'],
  ['field', 'field'],
] as const;

const keptNames = [
  ...['class', 'event', 'named', 'scope', 'notice', 'consent', 'lifts', 'delivery', 'shown_on'],
  ...['from_lo', 'signed_lo', 'received_hi', 'resolved_hi'],
  ...[...sureKinds, 'near'].map((kind) => `key_${kind}`),
];

/** A text is dear to hold, and a null is not: what most events say is held as one, and said again by the view. */
const said = ['"row"', 'unknown_record', ...keptNames].map((name) =>
  name === 'scope' ? `coalesce(scope, '${wholeScope}') AS scope` : name,
);

/** The rows of the records that the events name; an erased person's by the keyed hash of the id (E8). */
function named({ dialect }: Engine, events: string, { path, suppressionKey }: EventsOf): string {
  const records = dialect.parquet(path);
  const erased =
    suppressionKey === null
      ? ''
      : ` UNION ALL SELECT "row", '${erasedMark}' || ${dialect.keyedHash(suppressionKey, 'rid')} AS rid FROM ${records}`;
  return `SELECT r."row", CASE WHEN r."row" IS NULL THEN e.record END AS unknown_record, ${keptNames.map((name) => `e.${name}`).join(', ')} FROM ${events} AS e
    LEFT JOIN (SELECT "row", rid FROM ${records}${erased}) r ON r.rid = e.record`;
}

/** Before the keyed hash of a record id that is kept nowhere else. */
export const erasedMark = 'key:';

function finalColumns(engine: Engine, parts: readonly Part[]): string {
  const part = (p: Part): string => (parts.includes(p) ? `part_${p}` : 'CAST(NULL AS VARCHAR)');
  const { dialect } = engine;
  const scope = scopeColumns.flatMap(([part, column], i) => {
    const cell = dialect.identifier(column);
    const word = `CASE WHEN ${cell} IS NULL THEN 'all' WHEN ${engine.intake.matches(cell, scopePatterns[part])} THEN ${cell}
      WHEN permits THEN '${unknownInPermission}' ELSE '${unknownInStop}' END`;
    return i === 0 ? [word] : [dialect.literal(scopeCut), word];
  });
  const narrower = scopeColumns.map(([, column]) => `${dialect.identifier(column)} IS NOT NULL`).join(' OR ');
  // A time that is given and cannot be read may be any: the stop counts always (C9).
  const unreadable = ['signed', 'received', 'logged']
    .map((t) => `(${t} IS NOT NULL AND ${t}_lo IS NULL)`)
    .join(' OR ');
  const high = (t: string): string => `${t}_lo + ${engine.intake.instantWidth(t)}`;
  // Whoever resolved a stop did so by then: the latest of what is given, and never where it is not known.
  const resolvedHi = `CASE WHEN k = 'resolution' AND NOT (${unreadable}) AND received_lo IS NOT NULL
    THEN greatest(${['signed', 'received', 'logged'].map(high).join(', ')}) END`;
  const shownOn = engine.intake.londonDay(
    'coalesce(signed, received)',
    'CASE WHEN signed IS NULL THEN received_lo ELSE signed_lo END',
  );
  return [
    `CASE WHEN permits THEN k END AS class`,
    `coalesce(event, '') AS event`,
    'record IS NOT NULL AS named',
    `CASE WHEN known_kind AND (${narrower}) THEN ${dialect.joinTexts(scope)} END AS scope`,
    'notice',
    'consent',
    'lifts',
    'delivery',
    `CASE WHEN k = 'presented' THEN coalesce(${shownOn}, '?') END AS shown_on`,
    `CASE WHEN ${unreadable} THEN NULL ELSE least(signed_lo, received_lo, logged_lo) END AS from_lo`,
    'signed_lo',
    `received_lo + ${engine.intake.instantWidth('received')} AS received_hi`,
    `${resolvedHi} AS resolved_hi`,
    ...sureKinds.map(
      (kind) => `CASE WHEN NOT permits THEN ${keyHash(engine, kind, part)} END AS key_${kind}`,
    ),
    `CASE WHEN NOT permits THEN ${keyHash(engine, 'near', part)} END AS key_near`,
  ].join(', ');
}
