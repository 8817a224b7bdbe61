/** The logs of all organisations published as they grow: what was acknowledged stands where nobody can take it back unseen. */
import { postgresLedger } from '../../store/postgres/ledger.ts';
import { publishedCheckpoint } from '../../store/standing-checkpoint.ts';
import { publishWorkspaceLog } from '../log/log-publish.ts';
import { readWorkspace } from './read-workspace.ts';
import { type SaidOnce, saidOnce } from './said-once.ts';
import type { Service } from './service.ts';
import { rootOf } from './workspace-of.ts';

/** Milliseconds that another server may keep a log before it is left for the next time. */
const patience = 5_000;

/** Each log that has grown; one that cannot be published keeps no other back. Safe on two servers at once. */
export async function publishLogs(service: Service): Promise<{ published: number; failed: number }> {
  let [published, failed] = [0, 0];
  for (const { org } of await service.state.organisations()) {
    try {
      if (await publishLog(service, org)) published += 1;
      if (saidOf(service, org).well()) service.log.info({ org }, 'the log can be published again');
    } catch (error) {
      failed += 1;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
      if (saidOf(service, org).failed(code))
        service.log.error({ org, code }, 'the log was not published; it is tried again');
    }
  }
  return { published, failed };
}

const said = new WeakMap<Service['state'], Map<string, SaidOnce>>();

function saidOf({ state }: Service, org: string): SaidOnce {
  const ours = said.get(state) ?? new Map<string, SaidOnce>();
  said.set(state, ours);
  const found = ours.get(org) ?? saidOnce(() => performance.now());
  ours.set(org, found);
  return found;
}

async function publishLog(service: Service, org: string): Promise<boolean> {
  const root = rootOf(service, org);
  const place = postgresLedger({ state: service.state, org, root });
  const ledger = await place.open({ waitMs: patience });
  try {
    const { size } = await ledger.head();
    const standing = await publishedCheckpoint(root, ledger.verifier);
    if (standing?.checkpoint.size === size) return false;
    await publishWorkspaceLog(await readWorkspace(service, org), place, patience);
    // The head knows of what was published: a folder that is lost later is missed.
    await ledger.commit(async () => {});
    return true;
  } finally {
    await ledger.close();
  }
}
