/** Writing public files that must be whole and on the disk before anything speaks of them. */
import { chmod, mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const together = 16;

/** `path` is relative to the folder. */
export type FileToWrite = { readonly path: string; readonly bytes: () => Promise<Uint8Array> };

/**
 * Writes files for anyone to read into a folder: each aside in `aside` (on the same disk), synced, renamed, and in the end every folder
 * they went to synced. When this returns they survive a loss of power; before, each is whole or not there.
 */
export async function writeDurably(
  folder: string,
  aside: string,
  files: readonly FileToWrite[],
): Promise<void> {
  if (files.length === 0) return;
  await mkdir(aside, { recursive: true });
  const folders = new Set<string>();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < files.length; i = next++) {
      const file = files[i];
      if (file === undefined) return;
      const to = join(folder, file.path);
      const from = join(aside, String(i));
      await writeSynced(from, await file.bytes());
      if (!folders.has(dirname(to))) {
        await mkdir(dirname(to), { recursive: true });
        for (let at = dirname(to); !folders.has(at) && at.length >= folder.length; at = dirname(at))
          folders.add(at);
      }
      await rename(from, to);
    }
  };
  await Promise.all(Array.from({ length: together }, work));
  for (const each of folders) {
    // Public, whatever this process may do else: a server of another user reads it.
    await chmod(each, 0o755);
    await syncFolder(each);
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'w', 0o644);
  try {
    await handle.writeFile(bytes);
    await handle.chmod(0o644);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A folder's own entries on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
