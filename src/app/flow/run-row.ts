/** The row of a job: it says what is to be done, how far it is, and how it ended; whoever works looks at it, and at nothing else. */
import { sql } from 'kysely';
import { DocumentError, faultLine } from '../../documents/fault.ts';
import { pathTrouble } from '../../documents/regular-file.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { StateError } from '../../store/postgres/state-error.ts';
import type { Progress } from '../gate/context.ts';
import { isDiskFull } from './disk-full.ts';
import { FlowError } from './flow-error.ts';
import type { Service } from './service.ts';

export type RunTable = 'ingest' | 'check_run' | 'release_run';
export type Job = { readonly org: string; readonly id: string };
export type RunFault = { readonly code: string; readonly words: string };

/** What ends the server each time it is tried is not tried for ever. */
export const mostAttempts = 20;

/** Counts the attempt; false where there is nothing to do any more: it has ended, or does now. */
export async function beginRun(service: Service, table: RunTable, { org, id }: Job): Promise<boolean> {
  return service.state.as(org, async (tx) => {
    const { rows } = await sql<{ attempts: number }>`
      UPDATE ${sql.table(table)} SET state = 'running', attempts = attempts + 1
      WHERE org = ${org} AND id = ${id} AND state IN ('queued', 'running') RETURNING attempts`.execute(tx);
    const [row] = rows;
    if (row === undefined) return false;
    if (row.attempts <= mostAttempts) return true;
    const words = `it was begun ${mostAttempts} times and never came to its end; the server's log says why`;
    await failRun(tx, table, { org, id }, { code: 'gave-up', words }, service.now());
    return false;
  });
}

/** In the transaction that ends it as done. Throws FlowError `lease-lost` where it has ended already. */
export async function requireRunning(tx: Tx, table: RunTable, { org, id }: Job): Promise<void> {
  const { rows } = await sql`
    SELECT 1 FROM ${sql.table(table)} WHERE org = ${org} AND id = ${id} AND state = 'running' FOR UPDATE`.execute(
    tx,
  );
  if (rows.length !== 1)
    throw new FlowError(
      'lease-lost',
      `run ${id} of ${org} was ended by another server; nothing was committed`,
    );
}

/** Nothing where it has ended already. */
export async function failRun(
  tx: Tx,
  table: RunTable,
  { org, id }: Job,
  { code, words }: RunFault,
  now: Date,
): Promise<void> {
  await sql`
    UPDATE ${sql.table(table)}
    SET state = 'failed', finished_at = ${now}, fault_code = ${code}, fault_words = ${words}
    WHERE org = ${org} AND id = ${id} AND state IN ('queued', 'running')`.execute(tx);
}

const leastPause = 500;

/** Writes the progress down twice a second at most; `settled` waits for what is being written. */
export function progressOf(
  { state }: Pick<Service, 'state'>,
  table: 'check_run' | 'release_run',
  { org, id }: Job,
): { readonly onProgress: Progress; settled(): Promise<void> } {
  let last = Number.NEGATIVE_INFINITY;
  let writing: Promise<unknown> | null = null;
  const write = (stage: string, done: number, total: number | null): Promise<unknown> =>
    state.as(org, (tx) =>
      sql`UPDATE ${sql.table(table)} SET stage = ${stage}, progress_done = ${done}, progress_total = ${total}
          WHERE org = ${org} AND id = ${id} AND state = 'running'`.execute(tx),
    );
  return {
    onProgress(stage, done, total) {
      // What is left out is seen with the next; it is progress, and nothing rests on it.
      if (writing !== null || performance.now() - last < leastPause) return;
      last = performance.now();
      writing = write(stage, Math.trunc(done), total === null ? null : Math.trunc(total)).then(
        () => (writing = null),
        () => (writing = null),
      );
    },
    async settled() {
      await writing;
    },
  };
}

const diskFull: RunFault = {
  code: 'disk-full',
  words: 'the disk of the server is full; whoever runs it makes room, then ask for it again',
};

/**
 * Why a run ends, in words for people; null where it is to be tried again, because what is wrong is not of it: the database
 * is away, another server took over, the day turned. `root` is not shown.
 */
export function runFault(error: unknown, root: string): RunFault | null {
  if (isDiskFull(error)) return diskFull;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  if (error instanceof StateError || (error instanceof FlowError && error.code !== 'release-lost'))
    return null;
  if (error.code === 'day-turned') return null;
  if (error instanceof DocumentError) {
    const said = error.faults.slice(0, 5).map(faultLine);
    return { code: 'documents-faulty', words: ['the documents do not fit', ...said].join('; ') };
  }
  const trouble = pathTrouble(error);
  // Ours are written small; the system's and the database's are not.
  if (!/^[a-z]+(-[a-z]+)*$/.test(error.code))
    return trouble === null
      ? null
      : { code: 'disk-trouble', words: `the organisation's folder cannot be used: ${trouble}` };
  return {
    code: error.code,
    words: error.message.replaceAll(`${root}/`, '').replaceAll(root, 'the workspace'),
  };
}
