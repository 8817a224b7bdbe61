/**
 * Large files are looked at in threads, as many as there are processors, while the engine is loaded or works on others:
 * the digest and, of a text, what `scan.ts` sees, in one pass over the bytes.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { type Scan, scanAlong } from './scan.ts';

export type Look = { readonly path: string; readonly text: boolean };
/** `scan` null: of no text, or not scanned yet. */
export type Looked = { readonly digest: string; readonly bytes: number; readonly scan: Scan | null };

type Waiting = Look & {
  readonly resolve: (looked: Looked) => void;
  readonly reject: (error: Error) => void;
};
const waiting: Waiting[] = [];
let threads = 0;

/** In the order in which they are asked. Rejects with what the file system says where the file cannot be read. */
export function lookAside(look: Look): Promise<Looked> {
  return new Promise((resolve, reject) => {
    waiting.push({ ...look, resolve, reject });
    if (threads < availableParallelism()) startThread();
  });
}

function startThread(): void {
  const worker = new Worker(new URL(import.meta.url));
  let current: Waiting | undefined;
  threads++;
  const next = (): void => {
    current = waiting.shift();
    worker.postMessage(current === undefined ? null : { path: current.path, text: current.text });
  };
  worker.on('message', (looked: Looked) => {
    current?.resolve(looked);
    next();
  });
  worker.on('error', (error: Error) => current?.reject(error));
  worker.on('exit', () => {
    threads--;
    current?.reject(new Error(`the thread reading ${current.path} ended before it was done`));
    if (waiting.length > 0) startThread();
  });
  next();
}

async function look({ path, text }: Look): Promise<Looked> {
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

const port = isMainThread ? null : parentPort;
port?.on('message', async (asked: Look | null) => {
  if (asked === null) port.close();
  else port.postMessage(await look(asked));
});
