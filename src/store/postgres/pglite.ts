/** PGlite as a server of this process alone: a folder, a thread, and a socket that `pg` talks to. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { makeFolder } from '../../documents/make-folder.ts';
import { lockFolder } from './folder-lock.ts';
import { pglitePrograms } from './pglite-programs.ts';
import type { PgliteSays, PgliteTask } from './pglite-worker.ts';
import { StateError } from './state-error.ts';

export type Pglite = {
  /** Of the superuser; the session it serves is one, so what `SET` changes there is changed for all. */
  readonly address: { readonly host: string; readonly port: number };
  close(): Promise<void>;
};

const idleTransactionMs = 300_000;
const socketPort = 5432;
const database = 'pglite';

/** Opens the database in a data folder, and makes it where there is none. Throws StateError `data-folder-*`. */
export async function openPglite(data: string): Promise<Pglite> {
  makePrivate(data);
  const lock = lockFolder(join(data, `${database}.lock`));
  let place: string | null = null;
  try {
    place = process.platform === 'win32' ? null : makePlace(data);
    const { port, close } = await startWorker(join(data, database), place);
    return {
      address: port === null ? { host: place ?? '', port: socketPort } : { host: '127.0.0.1', port },
      close: async () => {
        await close();
        tidy(place);
        lock.release();
      },
    };
  } catch (error) {
    tidy(place);
    lock.release();
    throw error;
  }
}

function makePrivate(data: string): void {
  try {
    makeFolder(data);
  } catch (error) {
    throw new StateError('data-folder-unusable', `${data} cannot be made: may this user write there?`, {
      cause: error,
    });
  }
}

/** Where the socket is. The path of one may be no longer than this, wherever it runs. In bytes. */
const longestPlace = 80;

/** In the data folder, where what a killed process left is found again; only where that is too long, elsewhere. */
function makePlace(data: string): string {
  const place = join(data, `${database}.socket`);
  if (Buffer.byteLength(place) > longestPlace) return mkdtempSync(join(tmpdir(), 'astold-'));
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { mode: 0o700 });
  return place;
}

function tidy(place: string | null): void {
  if (place !== null) rmSync(place, { recursive: true, force: true });
}

async function startWorker(
  folder: string,
  place: string | null,
): Promise<{ port: number | null; close(): Promise<void> }> {
  const task: PgliteTask = {
    folder,
    socket: place === null ? null : join(place, `.s.PGSQL.${socketPort}`),
    idleTransactionMs,
    programs: await pglitePrograms(),
  };
  const script = join(import.meta.dirname, `pglite-worker${extname(import.meta.filename)}`);
  const worker = new Worker(script, { workerData: task, execArgv: [] });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  try {
    const said = await answerOf(worker);
    // What ends the thread later ends its socket: whoever asks then is told that the database is away.
    worker.on('error', () => {});
    return {
      port: said.kind === 'up' ? said.port : null,
      close: async () => {
        worker.postMessage('close');
        await Promise.race([answerOf(worker).catch(() => {}), ended]);
        await worker.terminate();
      },
    };
  } catch (error) {
    await worker.terminate();
    if (await isFull(folder))
      throw new StateError(
        'disk-full',
        `the disk of ${folder} is full, and the embedded database does not open without some room: make some`,
        { cause: error },
      );
    throw new StateError(
      'data-folder-unusable',
      `the database in ${folder} cannot be opened: put a backup back, or begin with an empty folder`,
      { cause: error },
    );
  }
}

/** What it says itself of a full disk is not told from other trouble. A segment of its log is 16 MB. */
const leastFree = 16 * 1024 * 1024;
const isFull = (folder: string): Promise<boolean> =>
  statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize < leastFree,
    () => false,
  );

async function answerOf(worker: Worker): Promise<PgliteSays> {
  const [said] = (await once(worker, 'message')) as [PgliteSays];
  return said;
}
