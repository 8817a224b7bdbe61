/** A file of data brought in: whole or not at all, below `data/` of the organisation's own folder. */
import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { clearWorkplaces, closeWorkplace, openWorkplace } from '../../bulk/ingest/workplace.ts';
import { syncFolder } from '../../store/write-durably.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from './service.ts';
import { rootOf } from './workspace-of.ts';

export const dataName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,119}\.(csv|txt|parquet)$/);
export const uploadDataInput = z.strictObject({
  name: dataName,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().min(0),
});
export const dataFileView = z
  .object({ name: z.string(), sha256: z.string(), bytes: z.number().int() })
  .meta({ id: 'DataFile' });

const mostBytes = 4 * 1024 ** 3;

/** Replaces a file of that name. Refuses `upload-refused` where it is too large, or not what was announced: then nothing changed. */
export async function uploadData(
  service: Service,
  { org }: Actor,
  input: z.output<typeof uploadDataInput>,
  body: AsyncIterable<Uint8Array>,
): Promise<Answer<z.output<typeof dataFileView>>> {
  const most = service.limits.uploadBytes ?? mostBytes;
  if (input.bytes > most) return tooLarge(most);
  const folder = join(rootOf(service, org), 'data');
  const places = join(rootOf(service, org), '.astold', 'uploads');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(places, { recursive: true, mode: 0o700 });
  clearWorkplaces(places);
  const place = openWorkplace(places);
  try {
    const aside = join(place, 'data');
    const written = await write(aside, body, Math.min(most, input.bytes));
    if (written.kind === 'refused') return written;
    const { sha256, bytes } = written.value;
    if (bytes !== input.bytes)
      return refused(
        'upload-refused',
        `${bytes} bytes came of ${input.bytes}: it was cut short; send it again`,
      );
    if (sha256 !== input.sha256)
      return refused(
        'upload-refused',
        'what came is not what was announced: its SHA-256 is another; send it again',
      );
    await rename(aside, join(folder, input.name));
    await syncFolder(folder);
    return done({ name: input.name, sha256, bytes });
  } finally {
    closeWorkplace(place);
  }
}

async function write(
  path: string,
  body: AsyncIterable<Uint8Array>,
  most: number,
): Promise<Answer<{ readonly sha256: string; readonly bytes: number }>> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      // What is announced is only a word.
      if (bytes > most) return tooLarge(most);
      hash.update(chunk);
      await handle.write(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return done({ sha256: hash.digest('hex'), bytes });
}

const tooLarge = (most: number): Refused =>
  refused('upload-refused', `it has more than ${most} bytes; nothing was kept`);
