/**
 * Ingests a source: once, to typed and checked Parquet, kept by the content of what it was made from. The records and
 * the preference events are kept apart: a stop that comes in does not make anybody's record be read again.
 */
import { join } from 'node:path';
import type { FileSpec, Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { keepEvents } from './keep-events.ts';
import { keepRecords } from './keep-records.ts';
import type { IngestProgress, Snapshot } from './snapshot.ts';
import { type Opened, openFile } from './table.ts';
import { clearWorkplaces, closeWorkplace, openWorkplace } from './workplace.ts';

/** Preference events that were recorded here, beside those of the source's own file. */
export type Recorded = {
  readonly files: readonly FileSpec[];
  /** What the ids of people who were erased are hashed under in them: 32 ASCII characters (E8). */
  readonly suppressionKey: string;
};
export type IngestOptions = {
  readonly source: Source;
  /** Null where nothing can have been recorded. */
  readonly recorded: Recorded | null;
  /** The folder of what can be made again; snapshots go to `snapshots/` in it. */
  readonly dir: string;
  readonly onProgress: IngestProgress;
};

/** Throws IngestError where a file as a whole cannot be read; rows that cannot be read are rejected and counted. */
export async function ingestSource(
  engine: Engine,
  { source, recorded, dir, onProgress }: IngestOptions,
): Promise<Snapshot> {
  const snapshots = join(dir, 'snapshots');
  const leftovers = ['snapshots', 'tmp'].flatMap((folder) => clearWorkplaces(join(dir, folder)));
  const work = openWorkplace(snapshots);
  try {
    onProgress('read', 0, null);
    const open = (spec: FileSpec, name: string): Promise<Opened> => openFile(spec, { dir: work, name });
    const preferences = [
      ...(source.preferences === null ? [] : [source.preferences.file]),
      ...(recorded?.files ?? []),
    ];
    const [opened, areas, ...events] = await Promise.all([
      open(source.file, 'records'),
      source.areas === null ? null : open(source.areas.file, 'areas'),
      ...preferences.map((spec, i) => open(spec, `preferences-${i}`)),
    ]);
    const inputs = { records: opened, areas };
    const records = await keepRecords(engine, source, inputs, { work, snapshots }, events, onProgress);
    const told = await keepEvents(engine, source, events, recorded?.suppressionKey ?? null, {
      records,
      work,
      onProgress,
    });
    return {
      ...records.kept,
      ...told.kept,
      dir: records.dir,
      digest: records.kept.digest,
      eventsDir: told.dir,
      whole: told.kept.digest,
      rejectsFile: records.rejectsFile ?? told.rejectsFile,
      preferencesRejectsFile: told.rejectsFile,
      eventsUnmatchedFile: told.unmatchedFile,
      files: [opened, areas, ...events].flatMap((each) => (each ? [each.file] : [])),
      reused: records.reused && told.reused,
      leftovers,
    };
  } finally {
    closeWorkplace(work);
  }
}
