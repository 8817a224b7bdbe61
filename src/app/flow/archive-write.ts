/** Writes an archive of a backup: member by member, whole and on the disk, or not there at all. */
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { syncFolder } from '../../store/write-durably.ts';
import { contentsName, memberName } from './archive-form.ts';
import { BackupError } from './backup-error.ts';

export type Chunks = AsyncIterable<string | Uint8Array>;
export type Archive = {
  /** Resolves once all of it is taken. */
  add(
    name: string,
    chunks: Chunks,
  ): Promise<{ readonly name: string; readonly bytes: number; readonly sha256: string }>;
  /** Ends it with what it contains, and gives it its name. Throws BackupError `backup-exists`. */
  finish(contents: unknown): Promise<void>;
  /** Leaves nothing of it, unless it was finished. */
  abandon(): Promise<void>;
};

/** For its owner's eyes alone. Throws BackupError `backup-exists`. */
export function writeArchive(path: string): Archive {
  if (existsSync(path)) throw exists(path);
  const aside = `${path}.part`;
  const zip = new ZipFile();
  const failed = new Promise<never>((_, reject) => zip.on('error', reject));
  const written = pipeline(
    zip.outputStream,
    createWriteStream(aside, { flags: 'w', mode: 0o600, flush: true }),
  );
  // Whoever waits for them hears of it; until somebody does, it is no fault of nobody's.
  for (const promise of [failed, written]) promise.catch(() => {});

  const add: Archive['add'] = async (name, chunks) => {
    // What could not be put back is not taken.
    if (!memberName.safeParse(name).success)
      throw new BackupError(
        'name-refused',
        `a backup cannot hold a file named ${JSON.stringify(name)}; rename it`,
      );
    const hash = createHash('sha256');
    let bytes = 0;
    const taken = new Promise<void>((resolve, reject) => {
      async function* counted(): AsyncGenerator<Uint8Array> {
        for await (const chunk of chunks) {
          const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
          hash.update(buffer);
          bytes += buffer.length;
          yield buffer;
        }
      }
      const options = { mode: 0o100600, forceZip64Format: true };
      zip.addReadStreamLazy(name, options, (give) => {
        const stream = Readable.from(counted());
        stream.once('end', resolve).once('error', reject);
        give(null, stream);
      });
    });
    await Promise.race([taken, failed, written]);
    return { name, bytes, sha256: hash.digest('hex') };
  };

  return {
    add,
    async finish(contents) {
      await add(contentsName, Readable.from([JSON.stringify(contents)]));
      zip.end();
      await Promise.race([written, failed]);
      if (existsSync(path)) throw exists(path);
      await rename(aside, path);
      await syncFolder(dirname(path));
    },
    async abandon() {
      (zip.outputStream as Readable).destroy();
      await written.catch(() => {});
      await rm(aside, { force: true });
    },
  };
}

const exists = (path: string): BackupError =>
  new BackupError('backup-exists', `${path} is there already; nothing was changed`);
