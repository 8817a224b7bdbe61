/**
 * Writing a release package whole or not at all: aside, to disk, then renamed. A package that is there is never
 * touched again.
 */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export type PackageErrorCode = 'release-exists' | 'package-unreadable';
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
  await mkdir(releases, { recursive: true });
  await clearLeftovers(releases, id);
  const aside = join(releases, `.${id}.${process.pid}.partial`);
  const final = join(releases, id);
  await mkdir(aside);
  try {
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
  }
  await syncPath(releases);
  return final;
}

/** Removes what interrupted runs left, but not what a running one is writing. */
async function clearLeftovers(releases: string, id: string): Promise<void> {
  for (const name of await readdir(releases)) {
    if (!name.startsWith(`.${id}.`) || !name.endsWith('.partial')) continue;
    const pid = Number(name.slice(id.length + 2, -'.partial'.length));
    if (pid !== process.pid && isRunning(pid)) {
      throw new PackageError('release-exists', `release ${id} is being written by process ${pid}`);
    }
    await rm(join(releases, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
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
