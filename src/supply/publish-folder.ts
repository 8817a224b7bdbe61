/** A folder written aside and given its name when it is whole: interrupted, it is not there. */
import { mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { clearWorkplaces, closeWorkplace, openWorkplace } from '../bulk/ingest/workplace.ts';

export type Published = 'published' | 'exists';

/**
 * `write` fills a folder of this user's alone, in the folder that `path` is to be in. Where `path` is there already, or
 * `write` throws, nothing is left. What `write` needs on the way it puts into its second argument, which goes. `appearing`
 * is given what gives the folder its name, and may look once more before; where it does not, it throws.
 */
export async function publishFolder(
  path: string,
  write: (dir: string, scratch: string) => Promise<void>,
  appearing: (appear: () => Promise<void>) => Promise<void>,
): Promise<Published> {
  const parent = dirname(path);
  if (await exists(path)) return 'exists';
  await mkdir(parent, { recursive: true, mode: 0o700 });
  clearWorkplaces(parent);
  const aside = openWorkplace(parent);
  try {
    const [whole, scratch] = [join(aside, 'whole'), join(aside, 'scratch')];
    await mkdir(whole, { mode: 0o700 });
    await mkdir(scratch, { mode: 0o700 });
    await write(whole, scratch);
    for (const name of await readdir(whole)) await sync(join(whole, name));
    await sync(whole);
    if (await exists(path)) return 'exists';
    await appearing(async () => {
      await rename(whole, path);
      await sync(parent);
    });
    return 'published';
  } catch (error) {
    // Two runs at once: the other was first.
    if (error instanceof Error && 'code' in error && ['ENOTEMPTY', 'EEXIST'].includes(String(error.code)))
      return 'exists';
    throw error;
  } finally {
    closeWorkplace(aside);
  }
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
