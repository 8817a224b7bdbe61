/** Ingests a source: once, to typed and checked Parquet, kept by the content of what it was made from. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { areasTable, readAreas } from './areas.ts';
import { type Attributed, attributeEvents, unmatchedFile, writeLater, writeNoEvents } from './attribute.ts';
import { type EventsRead, eventsTable, readEvents } from './events.ts';
import { digestOf, type Kept, readKept, sizesOf, snapshotFile, snapshotOf } from './kept.ts';
import { unordered } from './layered.ts';
import { publishFolder } from './publish.ts';
import { readRecords } from './records.ts';
import { rejectedTable, writeCauses } from './rejects.ts';
import { type IngestProgress, ingestVersion, type Snapshot } from './snapshot.ts';
import { type Opened, openFile } from './table.ts';
import { clearWorkplaces, closeWorkplace, openWorkplace } from './workplace.ts';

export type IngestOptions = {
  readonly source: Source;
  /** The folder of what can be made again; snapshots go to `snapshots/` in it. */
  readonly dir: string;
  readonly onProgress: IngestProgress;
};

/** Throws IngestError where a file as a whole cannot be read; rows that cannot be read are rejected and counted. */
export async function ingestSource(
  engine: Engine,
  { source, dir, onProgress }: IngestOptions,
): Promise<Snapshot> {
  const snapshots = join(dir, 'snapshots');
  const leftovers = ['snapshots', 'lists', 'tmp'].flatMap((folder) => clearWorkplaces(join(dir, folder)));
  const work = openWorkplace(snapshots);
  const made = join(work, 'made');
  const temp = join(work, 'temp');
  try {
    mkdirSync(made);
    mkdirSync(temp);
    onProgress('read', 0, null);
    const open = async (spec: Source['file'] | undefined, name: string) =>
      spec === undefined ? null : openFile(spec, { dir: temp, name });
    const [records, preferences, areas] = await Promise.all([
      openFile(source.file, { dir: temp, name: 'records' }),
      open(source.preferences?.file, 'preferences'),
      open(source.areas?.file, 'areas'),
    ]);
    const files = [records, preferences, areas].flatMap((opened) => (opened ? [opened.file] : []));
    const digest = digestOf({
      source: source.digest,
      files: files.map((f) => f.digest),
      version: ingestVersion,
      engine: engine.version,
    });
    const target = join(snapshots, digest);
    const kept = readKept(target);
    if (kept) return { ...snapshotOf(kept, target, files), reused: true, leftovers };
    const fresh = await make(
      engine,
      source,
      { records, preferences, areas },
      { made, temp, digest },
      onProgress,
    );
    publishFolder(made, target, (path) => readKept(path) !== null, work);
    return { ...snapshotOf(fresh, target, files), reused: false, leftovers };
  } finally {
    closeWorkplace(work);
  }
}

type Inputs = {
  readonly records: Opened;
  readonly preferences: Opened | null;
  readonly areas: Opened | null;
};
type Places = {
  readonly made: string;
  readonly temp: string;
  readonly digest: string;
};

async function make(
  engine: Engine,
  source: Source,
  inputs: Inputs,
  { made, temp, digest }: Places,
  onProgress: IngestProgress,
): Promise<Kept> {
  const aside = (name: string) => ({ dir: temp, name });
  // Each is looked at while another is read; a fault waits for who reads it.
  for (const opened of [inputs.areas, inputs.records, inputs.preferences]) opened?.decode().catch(() => {});
  const areas =
    source.areas && inputs.areas ? await readAreas(engine, source.areas, inputs.areas, aside('areas')) : null;
  onProgress('records', 0, null);
  const { records, rejected, shortRows, areasConflicting, columns } = await readRecords(
    engine,
    source,
    inputs.records,
    aside('records'),
    areas,
    made,
  );
  if (source.areas) await engine.run(`DROP TABLE ${areasTable}`);
  onProgress('records', records, records);
  let read: EventsRead | null = null;
  let attributed: Attributed = { unmatched: 0, nameless: 0, rejected: 0 };
  if (inputs.preferences) {
    onProgress('preferences', 0, null);
    read = await readEvents(engine, inputs.preferences, aside('preferences'), {
      path: join(made, 'records.parquet'),
      records,
    });
    attributed = await unordered(engine, () => attributeEvents(engine, source, made));
    if (read.faultsPath !== null)
      await writeCauses(engine, read.faultsPath, join(made, 'preferences-rejects.csv'));
    onProgress('preferences', read.events, read.events);
  } else await writeNoEvents(engine, made);
  await unordered(engine, () => writeLater(engine, source, made));
  await engine.run(`DROP TABLE ${rejectedTable}`);
  if (inputs.preferences) await engine.run(`DROP VIEW ${eventsTable}`);
  const files = [inputs.records, inputs.preferences, inputs.areas].flatMap((opened) =>
    opened ? [opened.file] : [],
  );
  const cause = preferencesCause(read, attributed);
  const kept: Kept = {
    digest,
    records,
    rejected,
    shortRows,
    events: read?.events ?? 0,
    shortEvents: read?.shortRows ?? 0,
    eventsUnmatched: attributed.unmatched,
    preferencesReadable: cause === null,
    preferencesCause: cause,
    preferencesUnknownColumns: read?.unknownColumns ?? [],
    areasConflicting,
    files: files.map(({ digest: d, bytes }) => ({ digest: d, bytes })),
    columns,
    sizes: sizesOf(made),
  };
  writeFileSync(join(made, snapshotFile), canonicalize(kept) ?? '');
  return kept;
}

/** What of the preference events cannot be read, or be known; null where nothing is wrong. It quotes none of them. */
function preferencesCause(read: EventsRead | null, { nameless, rejected }: Attributed): string | null {
  const causes: string[] = [];
  const stops = (n: number): string => (n === 1 ? '1 stop' : `${n} stops`);
  if (read?.firstFault)
    causes.push(
      `line ${read.firstFault.line}: ${read.firstFault.cause} (${read.unread} in all, in preferences-rejects.csv)`,
    );
  if (nameless > 0)
    causes.push(
      `${stops(nameless)} without a record, and without anything a record could be matched on (in ${unmatchedFile})`,
    );
  if (rejected > 0)
    causes.push(
      `${stops(rejected)} of a record whose row could not be read, so that nobody knows whom else to stop (in ${unmatchedFile}; mend the row)`,
    );
  return causes.length === 0 ? null : causes.join('; ');
}
