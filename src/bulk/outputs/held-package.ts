/**
 * A package kept aside, whole and on the disk, before the log speaks of it. What is logged cannot be taken back: should the
 * release not appear, because the server was killed or the disk is full, it is finished from here.
 */
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileDigest } from './manifest.ts';
import type { PackageDirs } from './package.ts';

const heldFolder = 'held';
const folderOf = (root: string, release: string): string => join(root, heldFolder, release);

/** Where what is held of a release is, whether or not it is there. */
export function heldDirs(root: string, release: string): PackageDirs {
  const folder = folderOf(root, release);
  return { release: join(folder, 'release'), evidence: join(folder, 'evidence') };
}

/** Replaces what an earlier run, which logged nothing, held of the same release. */
export async function holdPackage(root: string, release: string, dirs: PackageDirs): Promise<void> {
  await forgetHeld(root, release);
  const held = heldDirs(root, release);
  await keepTree(dirs.release, held.release);
  await keepTree(dirs.evidence, held.evidence);
  for (const folder of [folderOf(root, release), join(root, heldFolder), root]) await sync(folder);
}

export async function forgetHeld(root: string, release: string): Promise<void> {
  await rm(folderOf(root, release), { recursive: true, force: true });
}

/** Whether the very release of that manifest is held. */
export async function isHeld(root: string, release: string, manifest: string): Promise<boolean> {
  const held = heldDirs(root, release);
  return (await manifestIn(held.release)) === manifest && (await manifestIn(held.evidence)) === manifest;
}

/** Has what is held take its place; the evidence first. What stands there of the same manifest stays. */
export async function appearHeld(root: string, release: string, manifest: string): Promise<void> {
  const held = heldDirs(root, release);
  for (const [from, place] of [
    [held.evidence, 'evidence'],
    [held.release, 'releases'],
  ] as const) {
    const to = join(root, place, release);
    await syncTree(from);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    const there = await manifestIn(to);
    if (there === manifest) continue;
    if (await exists(to)) await rename(to, await freeName(to));
    await rename(from, to);
    await sync(dirname(to));
  }
  await forgetHeld(root, release);
}

/** Evidence of a release that never came to be keeps a name of its own. */
async function freeName(path: string): Promise<string> {
  for (let n = 1; ; n++) if (!(await exists(`${path}.earlier-${n}`))) return `${path}.earlier-${n}`;
}

/** SHA-256 of the manifest in a folder; null where there is none. */
async function manifestIn(folder: string): Promise<string | null> {
  const path = join(folder, 'manifest.json');
  return (await exists(path)) ? (await fileDigest(path)).digest : null;
}

/** By links: nothing writes into these files any more. Not every file system has them. */
async function keepTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await keepTree(source, target);
      continue;
    }
    await link(source, target).catch(() => copyFile(source, target));
    await sync(target);
  }
  await sync(to);
}

async function syncTree(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    await (entry.isDirectory() ? syncTree(path) : sync(path));
  }
  await sync(dir);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
