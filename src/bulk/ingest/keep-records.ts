/** The records of a source: `records.parquet` and what could not be read, in a folder named by what they were made of. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { areasTable, readAreas } from './areas.ts';
import { digestOf, type KeptRecords, readKeptRecords, sizesOf, snapshotFile } from './kept.ts';
import { publishFolder } from './publish.ts';
import { readRecords } from './records.ts';
import { type IngestProgress, ingestVersion } from './snapshot.ts';
import { asItWas, type Opened } from './table.ts';

export type RecordsKept = {
  readonly dir: string;
  readonly kept: KeptRecords;
  readonly rejectsFile: string | null;
  readonly reused: boolean;
};
type Inputs = { readonly records: Opened; readonly areas: Opened | null };

/** `next` are files that will be read afterwards: where this reads anything, they are looked at meanwhile. */
export async function keepRecords(
  engine: Engine,
  source: Source,
  inputs: Inputs,
  { work, snapshots }: { readonly work: string; readonly snapshots: string },
  next: readonly Opened[],
  onProgress: IngestProgress,
): Promise<RecordsKept> {
  const digest = digestOf({
    source: source.digest,
    files: filesOf(inputs).map((file) => file.digest),
    version: ingestVersion,
    engine: engine.version,
  });
  const dir = join(snapshots, digest);
  const there = (): string | null => (existsSync(join(dir, 'rejects.csv')) ? join(dir, 'rejects.csv') : null);
  const found = readKeptRecords(dir);
  if (found) return { dir, kept: found, rejectsFile: there(), reused: true };
  // Each is looked at while another is read; a fault waits for who reads it.
  for (const opened of [inputs.areas, inputs.records, ...next]) opened?.decode().catch(() => {});
  const made = join(work, 'records');
  mkdirSync(made);
  const kept = await make(engine, source, inputs, { work, made, digest }, onProgress);
  await publishFolder(made, dir, (path) => readKeptRecords(path) !== null, work);
  return { dir, kept, rejectsFile: there(), reused: false };
}

const filesOf = ({ records, areas }: Inputs) => [records.file, ...(areas === null ? [] : [areas.file])];

async function make(
  engine: Engine,
  source: Source,
  inputs: Inputs,
  { work, made, digest }: { readonly work: string; readonly made: string; readonly digest: string },
  onProgress: IngestProgress,
): Promise<KeptRecords> {
  const aside = (name: string) => ({ dir: work, name });
  const areas =
    source.areas && inputs.areas ? await readAreas(engine, source.areas, inputs.areas, aside('areas')) : null;
  onProgress('records', 0, null);
  const reading = () => readRecords(engine, source, inputs.records, aside('records'), areas, made);
  const read = await (inputs.areas === null ? reading() : asItWas(inputs.areas, reading));
  if (source.areas) await engine.run(`DROP TABLE IF EXISTS ${areasTable}`);
  onProgress('records', read.records, read.records);
  const kept: KeptRecords = {
    version: ingestVersion,
    digest,
    ...read,
    files: filesOf(inputs).map(({ digest: d, bytes }) => ({ digest: d, bytes })),
    sizes: sizesOf(made),
  };
  writeFileSync(join(made, snapshotFile), canonicalize(kept) ?? '');
  return kept;
}
