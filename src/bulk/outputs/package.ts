/**
 * Writing a release package whole or not at all: aside, to disk, then renamed. A package that is there is never
 * touched again.
 */
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
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

/** What writes a file or folder of the package into the folder given, and leaves it complete. */
export type PackagePart = { readonly name: string; readonly write: (dir: string) => Promise<void> };

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
    `${path} cannot be read: ${cause.message}; move that folder away to release again`,
    { cause },
  );
}

/** Writes every part in order, then gives the folder its name. An interruption leaves nothing under that name. */
export async function writePackage(
  releases: string,
  id: string,
  parts: readonly PackagePart[],
): Promise<string> {
  await mkdir(releases, { recursive: true, mode: 0o700 });
  await clearLeftovers(releases, id);
  const aside = join(releases, `.${id}.${makerMark()}.partial`);
  const final = join(releases, id);
  claim(aside);
  try {
    await mkdir(aside, { mode: 0o700 });
    for (const part of parts) await part.write(aside);
    await syncTree(aside);
    if (await exists(final)) throw new PackageError('release-exists', `${final} is already there`);
    await rename(aside, final);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')
    ) {
      throw new PackageError('release-exists', `${final} is already there`, { cause: error });
    }
    throw error;
  } finally {
    disclaim(aside);
  }
  await syncPath(releases);
  return final;
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
