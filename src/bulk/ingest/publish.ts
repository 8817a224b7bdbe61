/** Makes a folder appear whole or not at all. */
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `from` is on the same file system; what stands at `to`, which is of the same content or broken, gives way. */
export function publishFolder(from: string, to: string): void {
  for (const name of readdirSync(from)) sync(join(from, name));
  sync(from);
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
  sync(dirname(to));
}

/** As `publishFolder`, of one file. */
export function publishFile(from: string, to: string): void {
  sync(from);
  renameSync(from, to);
  sync(dirname(to));
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
