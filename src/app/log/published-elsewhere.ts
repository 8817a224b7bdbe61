/** A published log as whoever runs a server names it: a folder, its checkpoint alone, or where it is served. */
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readOutside } from '../../documents/regular-file.ts';
import { LogError } from '../../log/log-error.ts';
import { noteText } from '../../log/note.ts';
import type { ReadTile } from '../../log/tiles.ts';

export type PublishedElsewhere = { readonly text: string; readonly read: ReadTile };

/** Bytes of a checkpoint or a tile. */
const largest = 1 << 20;
/** Milliseconds for one of them. */
const patience = 30_000;

/** Nothing of it is checked. Throws LogError, and what the system says. */
export async function publishedElsewhere(named: string, cwd: string): Promise<PublishedElsewhere> {
  if (/^https?:\/\//i.test(named)) {
    const base = named.replace(/\/(checkpoint)?$/, '');
    const read: ReadTile = (path) => fetched(`${base}/${path}`);
    return { text: noteText((await read('checkpoint')) ?? missing(`${base}/checkpoint`)), read };
  }
  const path = resolve(cwd, named);
  const folder = (await stat(path)).isDirectory() ? path : dirname(path);
  const bytes = await readOutside(folder === path ? join(folder, 'checkpoint') : path, largest);
  return {
    text: noteText(bytes),
    read: (tile) => readOutside(join(folder, tile), largest).catch(unlessMissing),
  };
}

async function fetched(url: string): Promise<Buffer | null> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(patience) }).catch(
    (cause: unknown) => {
      throw new LogError('log-unreadable', `${url} cannot be reached`, { cause });
    },
  );
  if (response.status === 404) return null;
  if (!response.ok || response.body === null)
    throw new LogError('log-unreadable', `${url} answered ${response.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body) {
    bytes += part.length;
    if (bytes > largest) throw new LogError('log-unreadable', `${url} has no end`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function missing(url: string): never {
  throw new LogError('log-missing', `nothing is published at ${url}`);
}

function unlessMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
