/**
 * How the use cases of people's own records run in the service: beside a job, and many at once. What they share stays open
 * with the state: the ledger, and the engine in which tokens are looked up.
 */
import { join } from 'node:path';
import type { Ledger, LedgerPlace } from '../../store/ledger.ts';
import { postgresLedger } from '../../store/postgres/ledger.ts';
import type { State } from '../../store/postgres/state.ts';
import { keptTokens, type Tokens } from '../people/kept-tokens.ts';
import type { PreferOptions } from '../people/prefer.ts';
import type { Service } from './service.ts';
import { rootOf } from './workspace-of.ts';

/** One answer at a time: what the machine has is the jobs'. */
const threads = 1;
type Kept = { readonly ledger: LedgerPlace; readonly tokens: Tokens };
const kept = new WeakMap<State, Map<string, Kept>>();

export function peopleOptions(service: Service, org: string): PreferOptions {
  const { state, limits } = service;
  const ours = kept.get(state) ?? new Map<string, Kept>();
  kept.set(state, ours);
  const own = ours.get(org) ?? keep(service, org);
  ours.set(org, own);
  return { onProgress: () => {}, threads, memoryLimit: limits.engineMemory ?? null, ...own };
}

/** To be called before the state is closed. */
export function forgetPeople(state: State): void {
  for (const { tokens } of kept.get(state)?.values() ?? []) tokens.close();
  kept.delete(state);
}

function keep(service: Service, org: string): Kept {
  const { state, limits } = service;
  const root = rootOf(service, org);
  const memoryLimit = limits.engineMemory;
  const open = async () => {
    const { openDuckdb } = await import('../../bulk/engines/duckdb.ts');
    const tempDirectory = join(root, '.astold', 'tmp');
    return openDuckdb({ tempDirectory, threads, ...(memoryLimit === undefined ? {} : { memoryLimit }) });
  };
  return { ledger: keptOpen(postgresLedger({ state, org, root })), tokens: keptTokens(root, open) };
}

/** Opened once: in Postgres it holds nothing, and each commit asks again whether the log may go on. */
function keptOpen(place: LedgerPlace): LedgerPlace {
  let opened: Promise<Ledger> | null = null;
  return {
    ...place,
    open(options) {
      opened ??= place.open(options).then((ledger) => ({ ...ledger, close: async () => {} }));
      const mine = opened;
      mine.catch(() => {
        if (opened === mine) opened = null;
      });
      return mine;
    },
  };
}
