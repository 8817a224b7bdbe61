/**
 * An organisation's workspace for a job of the gate: its folder, with the documents as they stand and what is made from the
 * state, loaded. One at a time for an organisation: a lease among servers, and a lock on the folder among processes, which
 * holds even where the database was put back from a copy.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadWorkspace, type Workspace } from '../../documents/workspace.ts';
import type { LedgerPlace } from '../../store/ledger.ts';
import { type FolderLock, lockFolder } from '../../store/postgres/folder-lock.ts';
import { postgresLedger } from '../../store/postgres/ledger.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { StateError } from '../../store/postgres/state-error.ts';
import { type DocumentSet, documentSet, documentTexts, withState } from './current-documents.ts';
import { FlowError } from './flow-error.ts';
import { type Lease, takeLease } from './lease.ts';
import type { Service } from './service.ts';
import { writeDocuments } from './write-documents.ts';

export type HeldWorkspace = {
  readonly workspace: Workspace;
  readonly place: LedgerPlace;
  /** That people put there, as it was written. */
  readonly documents: DocumentSet;
  /** To be asked in the transaction that commits: throws FlowError `lease-lost`, and nothing is committed. */
  requireHeld(tx: Tx): Promise<void>;
};

export const leaseName = 'workspace';
export const lockName = '.guard.sqlite';
/** How long another may keep it before the caller is told to come back. Milliseconds. */
const patience = 2_000;
const askEvery = 50;

export const rootOf = (service: Pick<Service, 'data'>, org: string): string => join(service.data, org);

/** Throws FlowError `workspace-busy`, DocumentError, and what `work` throws. */
export async function withWorkspace<T>(
  service: Service,
  org: string,
  work: (held: HeldWorkspace) => Promise<T>,
): Promise<T> {
  const root = rootOf(service, org);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const until = Date.now() + patience;
  const lock = await lockBefore(join(root, lockName), until, org);
  try {
    const lease = await leaseBefore(service, org, until);
    try {
      const { files, documents } = await service.state.as(org, async (tx) => {
        const set = await documentSet(tx, org);
        return { files: await withState(tx, org, await documentTexts(tx, org, set)), documents: set };
      });
      await writeDocuments(root, files);
      const workspace = await loadWorkspace(root);
      const place = postgresLedger({ state: service.state, org, root });
      return await work({ workspace, place, documents, requireHeld: lease.requireHeld });
    } finally {
      await lease.release();
    }
  } finally {
    lock.release();
  }
}

async function lockBefore(path: string, until: number, org: string): Promise<FolderLock> {
  for (;;) {
    try {
      return lockFolder(path);
    } catch (error) {
      if (!(error instanceof StateError) || error.code !== 'data-folder-in-use') throw error;
      if (Date.now() >= until) throw busy(org, error);
    }
    await pause(askEvery);
  }
}

/** The folder's lock is ours: no other process of this machine lives that could have the lease. */
async function leaseBefore({ state }: Service, org: string, until: number): Promise<Lease> {
  for (;;) {
    const lease = await takeLease(state, org, leaseName, true);
    if (lease !== null) return lease;
    if (Date.now() >= until) throw busy(org, undefined);
    await pause(askEvery * 4);
  }
}

const busy = (org: string, cause: unknown): FlowError =>
  new FlowError('workspace-busy', `the workspace of ${org} is being worked in; try again`, { cause });
