/**
 * Which release a trace code is of, and which row of it (E9): an index for each release, made once, in `.astold/`, and made
 * again where it is gone. A code that is unknown is looked for as long as one that is known.
 */
import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openDuckdb } from '../../bulk/engines/duckdb.ts';
import { writePrivate } from '../../bulk/vault.ts';
import { deriveKey, type OrganisationKey, readKeys } from '../../documents/key.ts';
import { readRegular } from '../../documents/regular-file.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { type ManifestRead, readManifest } from '../../supply/manifest-read.ts';
import { sleeperRows } from '../../supply/sleeper-rows.ts';
import { SupplyError } from '../../supply/supply-error.ts';
import { traceKey } from '../../supply/trace-code.ts';
import { findInTraceIndex, type TraceKeys, writeTraceIndex } from '../../supply/trace-index.ts';

export type CodeFound = { readonly release: string; readonly pseudonym: string };
export type TraceOptions = { readonly threads: number | null; readonly memoryLimit: string | null };

const indexFolder = join('.astold', 'trace');
/** So many are read at once: disks answer several questions in little more time than one. */
const atOnce = 16;

/**
 * Looks a code up, as `parseTraceCode` gives it, in every release of the workspace at `root` that was sealed for somebody;
 * or in `only`. `documents` are asked for where an index is yet to be made. Throws SupplyError, KeyError.
 */
export async function findTraceCode(
  root: string,
  code: string,
  documents: () => Promise<Workspace>,
  options: TraceOptions & { readonly only?: string },
): Promise<CodeFound | null> {
  const sealed = await namesIn(join(root, 'supplies'));
  const releases = options.only === undefined ? sealed : sealed.filter((id) => id === options.only);
  if (releases.length === 0) return null;
  const { current, earlier } = await readKeys(root);
  const faults: unknown[] = [];
  const found = await inTurn(releases, async (release): Promise<CodeFound | null> => {
    try {
      const place = await placeOf(root, release, [current, ...earlier]);
      if (place === null) return null;
      if (!existsSync(place.path)) await making(place, documents, options);
      const pseudonym = await findInTraceIndex(place.path, place.keys, code);
      return pseudonym === null ? null : { release, pseudonym };
    } catch (error) {
      faults.push(error);
      return null;
    }
  });
  const one = found.find((each) => each !== null) ?? null;
  // It may be in the one that cannot be read.
  if (one === null && faults.length > 0) throw faults[0];
  return one;
}

/** Makes the index of a release that is there; nothing where it is made. */
export async function makeTraceIndex(
  workspace: Workspace,
  release: string,
  options: TraceOptions,
): Promise<void> {
  const { current, earlier } = await readKeys(workspace.root);
  const place = await placeOf(workspace.root, release, [current, ...earlier]);
  if (place !== null && !existsSync(place.path)) await making(place, async () => workspace, options);
}

type Place = {
  readonly root: string;
  readonly release: string;
  readonly manifest: ManifestRead;
  readonly key: Buffer;
  readonly keys: TraceKeys;
  /** Of the index, which is of these very decisions. */
  readonly path: string;
};
type Known = { readonly stamp: string; readonly place: Place };

/** A release does not change: what is known of it holds while its manifest is the same file. */
const known = new Map<string, Known>();
const mostKnown = 10_000;

/** Null where the release is kept no longer. */
async function placeOf(
  root: string,
  release: string,
  keys: readonly OrganisationKey[],
): Promise<Place | null> {
  const path = join(root, 'releases', release, 'manifest.json');
  const standing = statSync(path, { throwIfNoEntry: false });
  if (standing === undefined) return null;
  const { ino, size, mtimeMs } = standing;
  const stamp = `${ino} ${size} ${mtimeMs} ${keys.map(({ id }) => id).join(' ')}`;
  const before = known.get(path);
  if (before?.stamp === stamp) return before.place;
  const manifest = readManifest((await readRegular(path)).toString('utf8'));
  const under = keys.find(({ id }) => id === manifest.key);
  if (under === undefined)
    throw new SupplyError(
      'release-damaged',
      `release ${release} was made under the key ${manifest.key}, which is not in keys/: put it back`,
    );
  const place: Place = {
    ...{ root, release, manifest, key: under.key },
    keys: {
      codes: traceKey(under.key, release),
      index: deriveKey(under.key, `astold/1/trace-index/${release}`),
    },
    path: join(root, indexFolder, `${release}-${manifest.decisions.digest.slice(0, 16)}`),
  };
  if (known.size >= mostKnown) known.clear();
  known.set(path, { stamp, place });
  return place;
}

const underWay = new Map<string, Promise<void>>();

/** Made once for all who need it at once. */
function making(place: Place, documents: () => Promise<Workspace>, options: TraceOptions): Promise<void> {
  const { path } = place;
  const before = underWay.get(path);
  if (before !== undefined) return before;
  const made = make(place, documents, options).finally(() => underWay.delete(path));
  underWay.set(path, made);
  return made;
}

async function make(
  { root, release, manifest, key, keys, path }: Place,
  documents: () => Promise<Workspace>,
  { threads, memoryLimit }: TraceOptions,
): Promise<void> {
  const { supply } = await documents();
  const request = manifest.documents.find(({ kind }) => kind === 'request')?.id ?? '';
  const asleep = manifest.sleepers === null ? [] : sleeperRows(supply.sleepers, key, release, request);
  const dir = join(root, indexFolder);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const engine = await openDuckdb({
    tempDirectory: join(root, '.astold', 'tmp'),
    ...(threads === null ? {} : { threads }),
    ...(memoryLimit === null ? {} : { memoryLimit }),
  });
  try {
    const decisions = join(root, 'releases', release, manifest.decisions.file);
    const sleepers = asleep.map(({ pseudonym }) => pseudonym);
    await writePrivate(dir, path, async (aside) => {
      await writeTraceIndex(engine, { keys, decisions, sleepers }, aside);
    });
  } finally {
    engine.close();
  }
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = new Array(items.length);
  let next = 0;
  const one = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) done[i] = await work(items[i] as T);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, one));
  return done;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
