/** Large files are looked at in threads, as many as there are processors, while the engine is loaded or works on others. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Look, Looked } from './look.ts';

type Waiting = Look & {
  readonly resolve: (looked: Looked) => void;
  readonly reject: (error: Error) => void;
};
const waiting: Waiting[] = [];
let threads = 0;

/** Keeps the process until what was begun is done. */
export function awaited<T>(begun: Promise<T>): Promise<T> {
  const hold = setInterval(() => {}, 1 << 30);
  return begun.finally(() => clearInterval(hold));
}

/** As `look`, in the order in which they are asked. A process that has nothing else to do ends without it: see `awaited`. */
export function lookAside(look: Look): Promise<Looked> {
  return new Promise((resolve, reject) => {
    waiting.push({ ...look, resolve, reject });
    if (threads < availableParallelism()) startThread();
  });
}

function startThread(): void {
  const worker = new Worker(new URL('./look-thread.js', import.meta.url));
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
  worker.unref();
}
