/** One job of the gate, carried out: alone for its organisation, on its row, and always to an end that people can read. */
import type { Tx } from '../../store/postgres/state.ts';
import type { GateOptions, Progress } from '../gate/context.ts';
import {
  beginRun,
  failRun,
  type Job,
  type RunFault,
  type RunTable,
  requireRunning,
  runFault,
} from './run-row.ts';
import type { Service } from './service.ts';
import { type HeldWorkspace, rootOf, withWorkspace } from './workspace-of.ts';

/** What the work came to: done in the transaction given, or failed with what is said of it. */
export type Ended =
  | { readonly kind: 'done'; write(tx: Tx): Promise<void> }
  | { readonly kind: 'failed'; readonly fault: RunFault };

/**
 * Safe to be called twice, and at once: the second finds the row ended. Throws FlowError `workspace-busy`, and what is to be
 * tried again.
 */
export async function carryOut(
  service: Service,
  table: RunTable,
  job: Job,
  work: (held: HeldWorkspace) => Promise<Ended>,
): Promise<void> {
  const end = (held: HeldWorkspace | null, fault: RunFault): Promise<void> =>
    service.state.as(job.org, async (tx) => {
      await held?.requireHeld(tx);
      await failRun(tx, table, job, fault, service.now());
    });
  const endOn = async (held: HeldWorkspace | null, error: unknown): Promise<void> => {
    const fault = runFault(error, rootOf(service, job.org));
    if (fault === null) throw error;
    service.log.warn({ org: job.org, table, run: job.id, code: fault.code }, 'a job failed');
    await end(held, fault);
  };
  const workIn = async (held: HeldWorkspace): Promise<void> => {
    if (!(await beginRun(service, table, job))) return;
    const ended = await work(held);
    if (ended.kind === 'failed') return end(held, ended.fault);
    await service.state.as(job.org, async (tx) => {
      await held.requireHeld(tx);
      await requireRunning(tx, table, job);
      await ended.write(tx);
    });
  };
  try {
    // What goes wrong once it is begun ends it while it is held: another may have taken it over.
    await withWorkspace(service, job.org, (held) => workIn(held).catch((error) => endOn(held, error)));
  } catch (error) {
    // Held by nobody, and never begun: the workspace itself cannot be had.
    await endOn(null, error);
  }
}

/** How the gate runs in the service. */
export function gateOptions(
  { limits }: Service,
  { place }: HeldWorkspace,
  onProgress: Progress,
): GateOptions {
  return {
    asOf: null,
    onProgress,
    threads: limits.engineThreads ?? null,
    memoryLimit: limits.engineMemory ?? null,
    ledger: place,
  };
}
