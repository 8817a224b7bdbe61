/** One publisher at a time for a log, over all servers. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LedgerError } from '../ledger-error.ts';
import { type Turns, turns } from '../turns.ts';
import { withClient } from './connection.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import type { State } from './state.ts';
import { StateError } from './state-error.ts';

/** Told apart from other locks of the database. */
const lockClass = 7_236_514;
const lockTimeout = '55P03';

const inProcess = new WeakMap<State, Map<string, Turns>>();

/** Whose log it is, and where it is published. */
export type Publishing = { readonly state: State; readonly org: string; readonly root: string };

/**
 * Among the callers of this process a queue; among servers a lock on a connection of its own, which goes with it, so that
 * what is done meanwhile is committed as ever: what is published must be in the database before. PGlite has one session, in
 * which a lock would keep out its own holder: the server and its worker, which share it, share the machine, and have a lock
 * on a file. Throws LedgerError `ledger-held` where another took longer than `waitMs`.
 */
export function aloneWith<T>(place: Publishing, waitMs: number, work: () => Promise<T>): Promise<T> {
  const { state, org } = place;
  const queue = queueOf(state, org);
  if (queue.inside()) return work();
  return queue.take(() =>
    state.kind === 'pglite' ? lockedByFile(place, waitMs, work) : locked(state, org, waitMs, work),
  );
}

function queueOf(state: State, org: string): Turns {
  const queues = inProcess.get(state) ?? new Map<string, Turns>();
  inProcess.set(state, queues);
  const queue = queues.get(org) ?? turns();
  queues.set(org, queue);
  return queue;
}

const lockName = '.publish.sqlite';
const askEvery = 50;

async function lockedByFile<T>(
  { org, root }: Publishing,
  waitMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const until = performance.now() + waitMs;
  for (;;) {
    const lock = freeLock(join(root, lockName));
    if (lock instanceof StateError) {
      if (performance.now() >= until) throw held(org, lock);
      await pause(askEvery);
      continue;
    }
    try {
      return await work();
    } finally {
      lock.release();
    }
  }
}

/** The fault where another has it. */
function freeLock(path: string): FolderLock | StateError {
  try {
    return lockFolder(path);
  } catch (error) {
    if (error instanceof StateError && error.code === 'data-folder-in-use') return error;
    throw error;
  }
}

const held = (org: string, cause: unknown): LedgerError =>
  new LedgerError('ledger-held', `another server is publishing the log of "${org}"; wait until it is done`, {
    cause,
  });

async function locked<T>(
  { connection }: State,
  org: string,
  waitMs: number,
  work: () => Promise<T>,
): Promise<T> {
  let failed = false;
  let failure: unknown;
  const done = await withClient(connection, async (client): Promise<T | undefined> => {
    await client.query('BEGIN');
    // Witnesses are asked meanwhile, and may take their time.
    await client.query("SELECT set_config('idle_in_transaction_session_timeout', '0', true)");
    await client.query("SELECT set_config('lock_timeout', $1, true)", [String(waitMs)]);
    await client
      .query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [lockClass, org])
      .catch((cause: unknown) => {
        throw cause instanceof Error && 'code' in cause && cause.code === lockTimeout
          ? held(org, cause)
          : cause;
      });
    try {
      return await work();
    } catch (error) {
      // Its errors are its own, and none of the connection that held the lock.
      failed = true;
      failure = error;
      return undefined;
    }
  });
  if (failed) throw failure;
  return done as T;
}
