/** Scans a large file in a thread of its own, while the engine works on another. */
import { statSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Scan, scanFile } from './scan.ts';

/** Below this a thread costs more than it saves. */
const small = 8 << 20;

/** As `scanFile`, and what it throws. */
export async function scanAside(path: string): Promise<Scan> {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < small) return scanFile(path);
  const scanned = await new Promise<Scan | null>((resolve) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { scanOf: path } });
    worker.once('message', resolve);
    worker.once('error', () => resolve(null));
    worker.once('exit', () => resolve(null));
  });
  // What went wrong there goes wrong here too, and is told as it should be.
  return scanned ?? scanFile(path);
}

const asked: unknown = isMainThread ? null : workerData;
if (typeof asked === 'object' && asked !== null && 'scanOf' in asked && typeof asked.scanOf === 'string') {
  parentPort?.postMessage(scanFile(asked.scanOf));
}
