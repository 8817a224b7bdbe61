/**
 * Digests of files. Large ones are read in threads of their own, so that several are read at once and while the engine
 * works. One is read again unless it is remembered (`digest-memory.ts`).
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { DigestMemory } from './digest-memory.ts';
import { type FileState, fileState } from './file-state.ts';

export type FileDigest = { readonly digest: string; readonly bytes: number };

/** Below this a thread costs more than it saves. */
const small = 8 << 20;

/** SHA-256 in hex, and the length. Rejects with the file system's error where the file cannot be read. */
export async function digestFile(path: string): Promise<FileDigest> {
  if (statSync(path).size < small) {
    const text = readFileSync(path);
    return { digest: createHash('sha256').update(text).digest('hex'), bytes: text.length };
  }
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { digestOf: path } });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`the thread reading ${path} ended before it was done`)));
  });
}

type Begun = { readonly state: FileState; readonly digest: Promise<FileDigest> };
const begun = new Map<string, Begun>();

/**
 * Begins to digest a file that will be opened soon, while something else is done, unless it is remembered as it is. A
 * fault waits for who opens it.
 */
export function beginDigest(path: string, memory: DigestMemory): void {
  if (begun.has(path) || !statSync(path, { throwIfNoEntry: false })?.isFile()) return;
  // Taken first: what is written after it is seen by whoever reads the file, however it was remembered.
  const state = fileState(path);
  const known = memory.recall(path);
  if (known !== null) {
    begun.set(path, { state, digest: Promise.resolve(known) });
    return;
  }
  const note = memory.watch(path);
  const made = begin(path);
  made.digest.then(note, () => {});
  begun.set(path, made);
}

/** The digest of a file and its state before the first byte was read: what was begun, once, or begun now. */
export function takeDigest(path: string): Begun {
  const found = begun.get(path);
  begun.delete(path);
  return found ?? begin(path);
}

function begin(path: string): Begun {
  const state = fileState(path);
  const digest = digestFile(path);
  digest.catch(() => {});
  return { state, digest };
}

async function digestHere(path: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 4 << 20 })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { digest: hash.digest('hex'), bytes };
}

const asked: unknown = isMainThread ? null : workerData;
if (
  typeof asked === 'object' &&
  asked !== null &&
  'digestOf' in asked &&
  typeof asked.digestOf === 'string'
) {
  parentPort?.postMessage(await digestHere(asked.digestOf));
}
