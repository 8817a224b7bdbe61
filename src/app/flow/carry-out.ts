/** One job of the gate, carried out: alone for its organisation, on its row, and always to an end that people can read. */
import type { Tx } from '../../store/postgres/state.ts';
import type { GateOptions, Progress } from '../gate/context.ts';
import { beginRun, failRun, type Job, type RunFault, type RunTable, runFault } from './run-row.ts';
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
  const end = (fault: RunFault): Promise<void> =>
    service.state.as(job.org, (tx) => failRun(tx, table, job, fault, service.now()));
  try {
    await withWorkspace(service, job.org, async (held) => {
      if (!(await beginRun(service, table, job))) return;
      const ended = await work(held);
      if (ended.kind === 'failed') return end(ended.fault);
      await service.state.as(job.org, async (tx) => {
        await held.requireHeld(tx);
        await ended.write(tx);
      });
    });
  } catch (error) {
    const fault = runFault(error, rootOf(service, job.org));
    if (fault === null) throw error;
    service.log.warn({ org: job.org, table, run: job.id, code: fault.code }, 'a job failed');
    await end(fault);
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
