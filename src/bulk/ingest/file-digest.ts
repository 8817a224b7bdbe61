/**
 * Digests of files, and what was seen on the way. A large one is read in a thread of its own (`look-aside.ts`), and
 * again only if it is not remembered (`digest-memory.ts`).
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { FileSpec } from '../../policy/model.ts';
import type { DigestMemory } from './digest-memory.ts';
import { type FileState, fileState } from './file-state.ts';
import type { Looked } from './look.ts';
import { awaited, lookAside } from './look-aside.ts';

export type FileDigest = { readonly digest: string; readonly bytes: number };
type Spec = Pick<FileSpec, 'path' | 'format'>;

/** Below this a thread costs more than it saves. */
const small = 8 << 20;

/** As `look`; a small file is scanned when it is read. */
async function lookAt({ path, format }: Spec): Promise<Looked> {
  if (statSync(path).size >= small) return lookAside({ path, text: format !== 'parquet' });
  const text = readFileSync(path);
  return { digest: createHash('sha256').update(text).digest('hex'), bytes: text.length, scan: null };
}

type Begun = { readonly state: FileState; readonly looked: Promise<Looked> };
const begun = new Map<string, Begun>();

/**
 * Begins to digest a file that will be opened soon, while something else is done, unless it is remembered as it is. A
 * fault waits for who opens it.
 */
export function beginDigest(spec: Spec, memory: DigestMemory): void {
  const { path } = spec;
  if (begun.has(path)) return;
  let state: FileState;
  try {
    // Taken first: what is written after it is seen by whoever reads the file, however it was remembered.
    state = fileState(path);
  } catch {
    return;
  }
  const known = memory.recall(path);
  if (known !== null) {
    begun.set(path, { state, looked: Promise.resolve({ ...known, scan: null }) });
    return;
  }
  const note = memory.watch(path);
  const made = begin(spec, state);
  made.looked.then(({ digest, bytes }) => note({ digest, bytes })).catch(() => {});
  begun.set(path, made);
}

/**
 * What was seen of a file, and its state before the first byte was read: what was begun, once, or begun now, where nothing was
 * or the file has changed since. Whoever fixed an instant before asking misses nothing that was written before it.
 */
export function takeDigest(spec: Spec): Begun {
  const found = begun.get(spec.path);
  begun.delete(spec.path);
  const { state, looked } = found?.state === fileState(spec.path) ? found : begin(spec, fileState(spec.path));
  return { state, looked: awaited(looked) };
}

function begin(spec: Spec, state: FileState): Begun {
  const looked = lookAt(spec);
  looked.catch(() => {});
  return { state, looked };
}
