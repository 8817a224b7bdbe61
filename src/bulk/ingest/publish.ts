/** Makes a folder or a file appear whole or not at all, with others doing the same. */
import { closeSync, fsyncSync, openSync, readdirSync, readSync, renameSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { closeWorkplace, openWorkplace } from './workplace.ts';

/**
 * `from` is on the same file system. What stands at `to` stays if it is whole: somebody else made the same, and may
 * be reading it. What is broken there is moved to `aside`, never removed from under a reader.
 */
export async function publishFolder(
  from: string,
  to: string,
  isWhole: (path: string) => boolean,
  aside: string,
): Promise<void> {
  // At once: the disk is waited for no longer than for the slowest of them.
  await Promise.all([...readdirSync(from).map((name) => join(from, name)), from].map(syncMeanwhile));
  for (let tries = 0; ; tries++) {
    try {
      renameSync(from, to);
      break;
    } catch (error) {
      if (!isInTheWay(error) || tries >= 3) throw error;
      if (isWhole(to)) return;
      moveAside(to, join(aside, `broken-${tries}`));
    }
  }
  sync(dirname(to));
}

function moveAside(path: string, to: string): void {
  try {
    renameSync(path, to);
  } catch (error) {
    // Another run has moved it already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function isInTheWay(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOTEMPTY' || error.code === 'EEXIST' || error.code === 'ENOTDIR')
  );
}

/** As `publishFolder`, of one file, which takes the place of what was there: a reader keeps what it has open. */
export function publishFile(from: string, to: string): void {
  sync(from);
  renameSync(from, to);
  sync(dirname(to));
}

/** As `publishFile`, of files that are of no use without the last, to one folder, in this order. */
export async function publishFiles(files: readonly { from: string; to: string }[]): Promise<void> {
  await Promise.all(files.map(({ from }) => syncMeanwhile(from)));
  for (const { from, to } of files) renameSync(from, to);
  for (const folder of new Set(files.map(({ to }) => dirname(to)))) sync(folder);
}

/** Writes a file under a name of one's own in `place`, then gives it its name. */
export async function writeWhole(
  place: string,
  path: string,
  write: (aside: string) => Promise<void>,
): Promise<void> {
  const work = openWorkplace(place);
  try {
    const aside = join(work, basename(path));
    await write(aside);
    publishFile(aside, path);
  } finally {
    closeWorkplace(work);
  }
}

/** Whether a Parquet file is there and ends as it should; `bytes` null where nobody noted its size. */
export function isWholeParquet(path: string, bytes: number | null): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size < 12 || (bytes !== null && found.size !== bytes)) return false;
  const handle = openSync(path, 'r');
  try {
    return [0, found.size - magic.length].every((at) => {
      const read = Buffer.alloc(magic.length);
      return readSync(handle, read, 0, read.length, at) === read.length && read.equals(magic);
    });
  } finally {
    closeSync(handle);
  }
}

const magic = Buffer.from('PAR1');

/** Has the disk take a large file while something else is done: publishing it then waits for little. To be awaited: a fault is said but once. */
export async function syncMeanwhile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
