/**
 * Writing a release, its package and its evidence, whole or not at all: aside, to disk, then renamed. A release that is
 * there is never touched again, nor is evidence ever thrown away.
 */
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathTrouble } from '../../documents/regular-file.ts';
import { claim, disclaim, makerMark, makerState, markPattern } from '../ingest/workplace.ts';

/** `release-running`: another run is writing it, or may be. */
export type PackageErrorCode = 'release-exists' | 'release-running' | 'package-unreadable';
export class PackageError extends Error {
  readonly code: PackageErrorCode;
  constructor(code: PackageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PackageError';
    this.code = code;
  }
}

/** The folders a release is written in before it has its name. */
export type PackageDirs = { readonly release: string; readonly evidence: string };
/** Writes everything into the folders, then calls `appear`, once: with that the release is there. */
export type PackageWork<T> = (dirs: PackageDirs, appear: () => Promise<void>) => Promise<T>;
const places = { release: 'releases', evidence: 'evidence' } as const;

/** The manifest of the release that is already there, as it stands; null where there is none. */
export async function standingManifest(releases: string, id: string): Promise<unknown> {
  const path = join(releases, id, 'manifest.json');
  try {
    const found = await stat(path);
    if (!found.isFile()) return unreadable(path, new TypeError('it is not a regular file'));
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'ENOENT')
      return (await exists(join(releases, id))) ? unreadable(path, error) : null;
    return unreadable(path, error);
  }
}

function unreadable(path: string, cause: Error): never {
  throw new PackageError(
    'package-unreadable',
    `${path} cannot be read: ${troubleOf(cause)}; move what stands there away to release again`,
    { cause },
  );
}

/** What a parser says quotes what it read. */
const troubleOf = (cause: Error): string =>
  cause instanceof SyntaxError ? 'it is no JSON' : (pathTrouble(cause) ?? cause.message);

export type WrittenPackage<T> = { readonly folder: string; readonly evidence: string; readonly result: T };

/**
 * Makes `releases/<id>/` and `evidence/<id>/` of the workspace at `root`, and gives their paths and what `work` gives. An
 * interruption leaves nothing under the first of the names; what it left under the second is kept under another.
 */
export async function writePackage<T>(
  root: string,
  id: string,
  work: PackageWork<T>,
): Promise<WrittenPackage<T>> {
  const mark = makerMark();
  const aside = (place: string): string => join(root, place, `.${id}.${mark}.partial`);
  const dirs: PackageDirs = { release: aside(places.release), evidence: aside(places.evidence) };
  for (const place of Object.values(places)) {
    await mkdir(join(root, place), { recursive: true, mode: 0o700 });
    await clearLeftovers(join(root, place), id);
  }
  let appeared = false;
  for (const dir of Object.values(dirs)) claim(dir);
  try {
    for (const dir of Object.values(dirs)) await mkdir(dir, { mode: 0o700 });
    const result = await work(dirs, async () => {
      await appear(root, id, dirs);
      appeared = true;
    });
    if (!appeared) throw new TypeError('a release that was written and did not appear');
    return { folder: join(root, places.release, id), evidence: join(root, places.evidence, id), result };
  } catch (error) {
    for (const dir of Object.values(dirs)) await rm(dir, { recursive: true, force: true });
    throw error;
  } finally {
    for (const dir of Object.values(dirs)) disclaim(dir);
  }
}

/** The evidence first: where there is a release there is all that it rests on. */
async function appear(root: string, id: string, dirs: PackageDirs): Promise<void> {
  await syncTree(dirs.evidence);
  await syncTree(dirs.release);
  const [final, evidence] = [join(root, places.release, id), join(root, places.evidence, id)];
  const standing = (cause?: unknown): PackageError =>
    new PackageError('release-exists', `${final} is already there`, { cause });
  if (await exists(final)) throw standing();
  await setAside(join(root, places.evidence), id);
  await renameNew(dirs.evidence, evidence, standing);
  await syncPath(join(root, places.evidence));
  await renameNew(dirs.release, final, standing);
  await syncPath(join(root, places.release));
}

async function renameNew(from: string, to: string, standing: (cause: unknown) => Error): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    throw code === 'ENOTEMPTY' || code === 'EEXIST' ? standing(error) : error;
  }
}

/** Evidence of a release that is no longer there, or never came to be, keeps a name of its own. */
async function setAside(folder: string, id: string): Promise<void> {
  if (!(await exists(join(folder, id)))) return;
  for (let n = 1; ; n++) {
    const name = join(folder, `${id}.earlier-${n}`);
    if (await exists(name)) continue;
    await rename(join(folder, id), name);
    return;
  }
}

/** Removes what interrupted runs left of any release; refuses where a run of this very one is, or may be, going on. */
async function clearLeftovers(releases: string, id: string): Promise<void> {
  for (const name of await readdir(releases)) {
    const made =
      new RegExp(`^\\.(.+)\\.${markPattern}\\.partial$`).exec(name) ??
      /^\.(.+)\.()(\d+)\.partial$/.exec(name);
    if (!made) continue;
    const [, release, host = '', pid] = made;
    const path = join(releases, name);
    const state = makerState(path, host === '' ? null : host, Number(pid));
    if (state === 'dead') await rm(path, { recursive: true, force: true });
    else if (release === id) {
      const who = `process ${pid}${host === '' || state === 'running' ? '' : ` on ${host}`}`;
      throw new PackageError(
        'release-running',
        `release ${id} is being written by ${who}; wait for it. If it was stopped before it was done, remove its folder, which is no release: ${path}`,
      );
    }
  }
}

async function syncTree(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    await (entry.isDirectory() ? syncTree(path) : syncPath(path));
  }
  await syncPath(dir);
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await (await open(path, 'r')).close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
