/** One pass over the bytes of a file: its digest, and what `scan.ts` sees in it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type Scan, scanAlong } from './scan.ts';

/** `text` is scanned too. */
export type Look = { readonly path: string; readonly text: boolean };
/** SHA-256 in hex, and the length; `scan` null: of no text, or not scanned yet. */
export type Looked = { readonly digest: string; readonly bytes: number; readonly scan: Scan | null };

/** Rejects with what the file system says where the file cannot be read. */
export async function look({ path, text }: Look): Promise<Looked> {
  const hash = createHash('sha256');
  let bytes = 0;
  const take = (chunk: Buffer): void => {
    hash.update(chunk);
    bytes += chunk.length;
  };
  const scan = text ? scanAlong(path, take) : null;
  if (!text) for await (const chunk of createReadStream(path, { highWaterMark: 4 << 20 })) take(chunk);
  return { digest: hash.digest('hex'), bytes, scan };
}
