/** Ingests a source: once, to typed and checked Parquet, kept by the content of what it was made from. */
import { createHash, hkdfSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { areasTable, readAreas } from './areas.ts';
import { type Attributed, attributeEvents, unmatchedFile, writeLater, writeNoEvents } from './attribute.ts';
import { type EventsRead, eventsTable, readEvents } from './events.ts';
import { type Kept, readKept, sizesOf, snapshotFile, snapshotOf } from './kept.ts';
import { ensureKeys } from './keys.ts';
import { unordered } from './layered.ts';
import { publishFolder } from './publish.ts';
import { readRecords } from './records.ts';
import { rejectedTable, writeCauses } from './rejects.ts';
import { type IngestProgress, ingestVersion, type Snapshot } from './snapshot.ts';
import { type Opened, openFile } from './table.ts';
import { clearWorkplaces, closeWorkplace, openWorkplace } from './workplace.ts';

export type IngestOptions = {
  readonly source: Source;
  /** The organisation's key: 32 bytes. */
  readonly key: Buffer;
  /** The folder of what can be made again; snapshots go to `snapshots/` in it. */
  readonly dir: string;
  readonly onProgress: IngestProgress;
};

/** Throws IngestError where a file as a whole cannot be read; rows that cannot be read are rejected and counted. */
export async function ingestSource(
  engine: Engine,
  { source, key, dir, onProgress }: IngestOptions,
): Promise<Snapshot> {
  const snapshots = join(dir, 'snapshots');
  const leftovers = ['snapshots', 'lists', 'tmp'].flatMap((folder) => clearWorkplaces(join(dir, folder)));
  const work = openWorkplace(snapshots);
  const made = join(work, 'made');
  const temp = join(work, 'temp');
  try {
    mkdirSync(made);
    mkdirSync(temp);
    const secret = matchSecret(key);
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
      secret,
    });
    const target = join(snapshots, digest);
    const kept = readKept(target);
    if (kept) return { ...snapshotOf(kept, target, files), reused: true, leftovers };
    const fresh = await make(
      engine,
      source,
      { records, preferences, areas },
      { made, temp, secret, digest },
      onProgress,
    );
    publishFolder(made, target, (path) => readKept(path) !== null, work);
    return { ...snapshotOf(fresh, target, files), reused: false, leftovers };
  } finally {
    closeWorkplace(work);
  }
}

/** 32 characters, for all matching on contact details; of the organisation's key. */
export function matchSecret(key: Buffer): string {
  if (key.length !== 32) throw new RangeError(`the organisation's key is 32 bytes, not ${key.length}`);
  return Buffer.from(hkdfSync('sha256', key, '', 'astold/1/matching', 24)).toString('base64url');
}

/** SHA-256 of the canonical JSON. */
export function digestOf(value: object): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex');
}

type Inputs = {
  readonly records: Opened;
  readonly preferences: Opened | null;
  readonly areas: Opened | null;
};
type Places = {
  readonly made: string;
  readonly temp: string;
  readonly secret: string;
  readonly digest: string;
};

async function make(
  engine: Engine,
  source: Source,
  inputs: Inputs,
  { made, temp, secret, digest }: Places,
  onProgress: IngestProgress,
): Promise<Kept> {
  const aside = (name: string) => ({ dir: temp, name });
  const areasConflicting =
    source.areas && inputs.areas ? await readAreas(engine, source.areas, inputs.areas, aside('areas')) : 0;
  onProgress('records', 0, null);
  const { records, rejected, shortRows, columns } = await readRecords(
    engine,
    source,
    inputs.records,
    aside('records'),
    made,
  );
  if (source.areas) await engine.run(`DROP TABLE ${areasTable}`);
  onProgress('records', records, records);
  let read: EventsRead | null = null;
  let attributed: Attributed = { unmatched: 0, nameless: 0, rejected: 0 };
  if (inputs.preferences) {
    onProgress('preferences', 0, null);
    read = await readEvents(
      engine,
      inputs.preferences,
      aside('preferences'),
      { path: join(made, 'records.parquet'), records },
      secret,
    );
    attributed = await unordered(engine, async () =>
      attributeEvents(engine, made, await ensureKeys(engine, source, made, secret)),
    );
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
