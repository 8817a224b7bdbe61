/** Keeps every organisation's workspace, so that no job writes into one meanwhile. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lockFolder } from '../../store/postgres/folder-lock.ts';
import type { State } from '../../store/postgres/state.ts';
import { StateError } from '../../store/postgres/state-error.ts';
import { FlowError } from './flow-error.ts';
import { takeLease } from './lease.ts';
import { leaseName, lockName } from './workspace-of.ts';

export type HeldWorkspaces = { release(): Promise<void> };

const askEvery = 100;

/** One after the other, each waited for until `waitMs` are over. Throws FlowError `workspace-busy`, with none kept. */
export async function holdWorkspaces(state: State, data: string, waitMs: number): Promise<HeldWorkspaces> {
  const until = Date.now() + waitMs;
  const kept: (() => unknown)[] = [];
  const release = async (): Promise<void> => {
    for (let undo = kept.pop(); undo !== undefined; undo = kept.pop()) await undo();
  };
  try {
    for (const { org } of await state.organisations()) {
      const root = join(data, org);
      await mkdir(root, { recursive: true, mode: 0o700 });
      const lock = await before(until, org, async () => freeLock(join(root, lockName)));
      kept.push(() => lock.release());
      const lease = await before(until, org, () => takeLease(state, org, leaseName, true));
      kept.push(() => lease.release());
    }
    return { release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function before<T>(until: number, org: string, take: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const taken = await take();
    if (taken !== null) return taken;
    if (Date.now() >= until)
      throw new FlowError('workspace-busy', `the workspace of ${org} is being worked in; try again`);
    await pause(askEvery);
  }
}

function freeLock(path: string): ReturnType<typeof lockFolder> | null {
  try {
    return lockFolder(path);
  } catch (error) {
    if (error instanceof StateError && error.code === 'data-folder-in-use') return null;
    throw error;
  }
}
