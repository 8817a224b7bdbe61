/** Whom the preference events reach, in a folder beside the records, named by the records and the events. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import canonicalize from 'canonicalize';
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { type Attributed, attributeEvents, unmatchedFile, writeLater, writeNoEvents } from './attribute.ts';
import { dropEvents, type EventsRead, heldInMemory, readEvents } from './events.ts';
import type { RecordsKept } from './keep-records.ts';
import { digestOf, type KeptEvents, readKeptEvents, sizesOf, snapshotFile } from './kept.ts';
import { unordered } from './layered.ts';
import { publishFolder } from './publish.ts';
import { rejectedTable, rememberRejected, writeCauses } from './rejects.ts';
import { type IngestProgress, ingestVersion } from './snapshot.ts';
import type { Opened } from './table.ts';

export type EventsKept = {
  readonly dir: string;
  readonly kept: KeptEvents;
  readonly rejectsFile: string | null;
  readonly unmatchedFile: string | null;
  readonly reused: boolean;
};
type Around = {
  readonly records: RecordsKept;
  readonly work: string;
  readonly onProgress: IngestProgress;
};

export const preferencesRejectsFile = 'preferences-rejects.csv';

export async function keepEvents(
  engine: Engine,
  source: Source,
  files: readonly Opened[],
  suppressionKey: string | null,
  { records, work, onProgress }: Around,
): Promise<EventsKept> {
  const digest = digestOf({
    records: records.kept.digest,
    events: files.map(({ file }) => file.digest),
    suppressionKey: suppressionKey === null ? null : digestOf({ suppressionKey }),
  });
  const dir = join(records.dir, `events-${digest}`);
  const there = (name: string): string | null => (existsSync(join(dir, name)) ? join(dir, name) : null);
  const outcome = (kept: KeptEvents, reused: boolean): EventsKept => ({
    dir,
    kept,
    rejectsFile: there(preferencesRejectsFile),
    unmatchedFile: there(unmatchedFile),
    reused,
  });
  const found = readKeptEvents(dir);
  if (found) {
    // In use from now on, whenever it was made: see `forgetOld`.
    const now = new Date();
    utimesSync(dir, now, now);
    return outcome(found, true);
  }
  const made = join(work, 'events');
  mkdirSync(made);
  const to = { made, work, records: join(records.dir, 'records.parquet') };
  let read: readonly EventsRead[] = [];
  let attributed: Attributed = { unmatched: 0, nameless: 0, rejected: 0 };
  if (files.length > 0) {
    onProgress('preferences', 0, null);
    const of = { ...records.kept, path: to.records, suppressionKey, held: heldInMemory };
    read = await readEvents(engine, files, work, of);
    await rememberRejected(engine, join(records.dir, 'rejected.parquet'));
    attributed = await unordered(engine, () => attributeEvents(engine, source, to));
    await engine.run(`DROP TABLE ${rejectedTable}`);
    await writeCauses(
      engine,
      read.flatMap(({ faultsPath }) => faultsPath ?? []),
      join(made, preferencesRejectsFile),
    );
  } else await writeNoEvents(engine, made);
  await unordered(engine, () => writeLater(engine, source, to, files.length > 0));
  if (files.length > 0) await dropEvents(engine, files.length);
  const events = read.reduce((sum, each) => sum + each.events, 0);
  if (files.length > 0) onProgress('preferences', events, events);
  const cause = preferencesCause(files, read, attributed);
  const kept: KeptEvents = {
    version: ingestVersion,
    digest,
    events,
    shortEvents: read.reduce((sum, each) => sum + each.shortRows, 0),
    eventsUnmatched: attributed.unmatched,
    preferencesReadable: cause === null,
    preferencesCause: cause,
    preferencesUnknownColumns: [...new Set(read.flatMap((each) => each.unknownColumns))],
    sizes: sizesOf(made),
  };
  writeFileSync(join(made, snapshotFile), canonicalize(kept) ?? '');
  await publishFolder(made, dir, (path) => readKeptEvents(path) !== null, work);
  forgetOld(records.dir, dir);
  return outcome(kept, false);
}

const hourMs = 3_600_000;

/** Every event that comes in makes another folder: those that nobody has taken up for an hour go. */
function forgetOld(records: string, current: string): void {
  for (const name of readdirSync(records)) {
    const path = join(records, name);
    if (!name.startsWith('events-') || path === current) continue;
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > hourMs) rmSync(path, { recursive: true, force: true });
  }
}

/** What of the preference events cannot be read, or be known; null where nothing is wrong. It quotes none of them. */
function preferencesCause(
  files: readonly Opened[],
  read: readonly EventsRead[],
  { nameless, rejected }: Attributed,
): string | null {
  const causes: string[] = [];
  const stops = (n: number): string => (n === 1 ? '1 stop' : `${n} stops`);
  for (const [i, { firstFault, unread }] of read.entries()) {
    if (firstFault === null) continue;
    // Where there are several files, which of them.
    const of = read.length === 1 ? '' : `${basename(files[i]?.file.path ?? '')}, `;
    causes.push(
      `${of}line ${firstFault.line}: ${firstFault.cause} (${unread} in all, in ${preferencesRejectsFile})`,
    );
  }
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
