/** How the use cases of people's own records run in the service: beside a job, and not alone. */
import { postgresLedger } from '../../store/postgres/ledger.ts';
import type { PreferOptions } from '../people/prefer.ts';
import type { Service } from './service.ts';
import { rootOf } from './workspace-of.ts';

export const peopleOptions = (service: Service, org: string): PreferOptions => ({
  onProgress: () => {},
  // One answer at a time: what the machine has is the jobs'.
  threads: 1,
  memoryLimit: service.limits.engineMemory ?? null,
  ledger: postgresLedger({ state: service.state, org, root: rootOf(service, org) }),
});
