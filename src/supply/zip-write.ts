/** One zip of given files, with fixed times: the same files give the same bytes. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** 1 January 1980, the first day a zip knows, wherever the machine stands. */
const fixed = new Date(1980, 0, 1);

/** Zips files of `dir` in the order given. `stored`: those that no compression makes smaller. */
export async function writeZip(
  dir: string,
  names: readonly string[],
  stored: ReadonlySet<string>,
  out: string,
): Promise<void> {
  const zip = new ZipFile();
  for (const name of names) {
    zip.addFile(join(dir, name), name, {
      mtime: fixed,
      mode: 0o100600,
      forceDosTimestamp: true,
      compress: !stored.has(name),
    });
  }
  const failed = new Promise<never>((_, reject) => zip.on('error', reject));
  zip.end();
  await Promise.race([
    pipeline(zip.outputStream, createWriteStream(out, { mode: 0o600, flags: 'wx' })),
    failed,
  ]);
}
