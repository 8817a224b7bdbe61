/** One publisher at a time for a log, over all servers. */
import { LedgerError } from '../ledger-error.ts';
import { type Turns, turns } from '../turns.ts';
import { withClient } from './connection.ts';
import type { State } from './state.ts';

/** Told apart from other locks of the database. */
const lockClass = 7_236_514;
const lockTimeout = '55P03';

const inProcess = new WeakMap<State, Map<string, Turns>>();

/**
 * Among the callers of this process a queue; among servers a lock on a connection of its own, which goes with it, so that
 * what is done meanwhile is committed as ever: what is published must be in the database before. PGlite is one process's,
 * and has one session: there the queue is enough, and a lock would keep out its own holder. Throws LedgerError
 * `ledger-held` where another server took longer than `waitMs`.
 */
export function aloneWith<T>(state: State, org: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const queue = queueOf(state, org);
  if (queue.inside()) return work();
  return queue.take(() => (state.kind === 'pglite' ? work() : locked(state, org, waitMs, work)));
}

function queueOf(state: State, org: string): Turns {
  const queues = inProcess.get(state) ?? new Map<string, Turns>();
  inProcess.set(state, queues);
  const queue = queues.get(org) ?? turns();
  queues.set(org, queue);
  return queue;
}

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
          ? new LedgerError(
              'ledger-held',
              `another server is publishing the log of "${org}"; wait until it is done`,
              { cause },
            )
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
