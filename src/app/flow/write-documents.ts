/** Documents written into a folder, so that it holds just these: what is the same is not touched, what is gone is removed. */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../store/write-durably.ts';
import type { Files } from './current-documents.ts';
import { documentFiles, documentFolders } from './document-paths.ts';

/** Each file whole or not there. The folder is the caller's alone. */
export async function writeDocuments(root: string, files: Files): Promise<void> {
  const touched = new Set<string>();
  for (const path of await standing(root)) {
    if (files.has(path)) continue;
    await rm(join(root, path), { recursive: true });
    touched.add(dirname(path));
  }
  for (const [path, text] of files) {
    if (await isSame(join(root, path), text)) continue;
    await mkdir(join(root, dirname(path)), { recursive: true, mode: 0o700 });
    await writeWhole(join(root, path), text);
    touched.add(dirname(path));
  }
  for (const folder of touched) await syncFolder(join(root, folder));
}

/** Everything in the places of documents, relative to the root. */
async function standing(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of documentFolders)
    for (const name of await namesIn(join(root, folder))) found.push(`${folder}/${name}`);
  const top = new Set(await namesIn(root));
  return [...found, ...documentFiles.filter((name) => top.has(name))];
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function isSame(path: string, text: string): Promise<boolean> {
  try {
    return (await readFile(path, 'utf8')) === text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR'))
      return false;
    throw error;
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const aside = join(dirname(path), `.${mark}.aside`);
  const handle = await open(aside, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(aside, path);
}
