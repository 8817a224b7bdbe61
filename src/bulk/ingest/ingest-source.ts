/** Ingests a source: once, to typed and checked Parquet, kept by the content of what it was made from. */
import { createHash, hkdfSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { areasTable, readAreas } from './areas.ts';
import { attributeEvents, writeLater, writeNoEvents } from './attribute.ts';
import { eventsTable, readEvents } from './events.ts';
import { ensureKeys } from './keys.ts';
import { publishFolder } from './publish.ts';
import { readRecords } from './records.ts';
import { type IngestProgress, ingestVersion, type Snapshot } from './snapshot.ts';
import { type Opened, openFile } from './table.ts';

export type IngestOptions = {
  readonly source: Source;
  /** The organisation's key: 32 bytes. */
  readonly key: Buffer;
  /** The folder of what can be made again; snapshots go to `snapshots/` in it. */
  readonly dir: string;
  readonly onProgress: IngestProgress;
};
type Kept = Omit<Snapshot, 'dir' | 'reused' | 'rejectsFile'> & { readonly hasRejects: boolean };

/** Throws IngestError where a file as a whole cannot be read; rows that cannot be read are rejected and counted. */
export async function ingestSource(
  engine: Engine,
  { source, key, dir, onProgress }: IngestOptions,
): Promise<Snapshot> {
  const snapshots = join(dir, 'snapshots');
  mkdirSync(snapshots, { recursive: true });
  const work = join(snapshots, `.work-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const made = join(work, 'made');
  const temp = join(work, 'temp');
  mkdirSync(made, { recursive: true });
  mkdirSync(temp);
  try {
    const secret = matchSecret(key);
    onProgress('read', 0, null);
    const open = (spec: Source['file'] | undefined, name: string) =>
      spec === undefined ? null : openFile(spec, { dir: temp, name });
    const records = await openFile(source.file, { dir: temp, name: 'records' });
    const preferences = await open(source.preferences?.file, 'preferences');
    const areas = await open(source.areas?.file, 'areas');
    const files = [records, preferences, areas].flatMap((opened) => (opened ? [opened.file] : []));
    const digest = digestOf({
      source: source.digest,
      files: files.map((f) => f.digest),
      version: ingestVersion,
      engine: engine.version,
      secret,
    });
    const target = join(snapshots, digest);
    const kept = readKept(target, files);
    if (kept) return kept;
    const snapshot = await make(
      engine,
      source,
      { records, preferences, areas },
      { made, temp, secret, digest },
      onProgress,
    );
    publishFolder(made, target);
    return { ...withDir(snapshot, target), files, reused: false };
  } finally {
    rmSync(work, { recursive: true, force: true });
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
  const { records, rejected, columns } = await readRecords(
    engine,
    source,
    inputs.records,
    aside('records'),
    made,
  );
  if (source.areas) await engine.run(`DROP TABLE ${areasTable}`);
  onProgress('records', records, records);
  let events = 0;
  let eventsUnmatched = 0;
  let preferencesReadable = true;
  let unread = false;
  if (inputs.preferences) {
    onProgress('preferences', 0, null);
    const read = await readEvents(
      engine,
      inputs.preferences,
      aside('preferences'),
      { path: join(made, 'records.parquet'), records },
      secret,
    );
    const { unmatched, nameless } = await attributeEvents(
      engine,
      made,
      await ensureKeys(engine, source, made, secret),
    );
    unread = read.faultsPath !== null;
    if (read.faultsPath !== null)
      writeFileSync(
        join(made, 'preferences-rejects.csv'),
        `line,column,value,cause\n${readFileSync(read.faultsPath, 'utf8')}`,
      );
    events = read.events;
    eventsUnmatched = unmatched;
    preferencesReadable = read.unread === 0 && nameless === 0;
    onProgress('preferences', events, events);
  } else await writeNoEvents(engine, made);
  await writeLater(engine, source, made);
  if (inputs.preferences) await engine.run(`DROP TABLE ${eventsTable}`);
  const files = [inputs.records, inputs.preferences, inputs.areas].flatMap((opened) =>
    opened ? [opened.file] : [],
  );
  const kept: Kept = {
    digest,
    records,
    rejected,
    hasRejects: rejected > 0 || unread,
    events,
    eventsUnmatched,
    preferencesReadable,
    areasConflicting,
    files,
    columns,
  };
  writeFileSync(
    join(made, 'snapshot.json'),
    canonicalize({ ...kept, files: files.map(({ digest: d, bytes }) => ({ digest: d, bytes })) }) ?? '',
  );
  return kept;
}

function withDir({ hasRejects, ...kept }: Kept, dir: string): Omit<Snapshot, 'reused'> {
  const own = join(dir, 'rejects.csv');
  const rejectsFile = !hasRejects ? null : existsSync(own) ? own : join(dir, 'preferences-rejects.csv');
  return { ...kept, dir, rejectsFile };
}

/** A snapshot made before of the same things; one that is not whole is made again. */
function readKept(target: string, files: Snapshot['files']): Snapshot | null {
  const names = ['records.parquet', 'later.parquet', 'stops.parquet', 'permissions.parquet', 'snapshot.json'];
  if (!names.every((name) => existsSync(join(target, name)))) return null;
  const kept: Kept = JSON.parse(readFileSync(join(target, 'snapshot.json'), 'utf8'));
  return { ...withDir(kept, target), files, reused: true };
}
