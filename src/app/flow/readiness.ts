/** Whether the service can do its work: its database answers, and no log is behind what was published of it. */
import { LedgerError, type LedgerErrorCode } from '../../store/ledger-error.ts';
import { postgresLedger } from '../../store/postgres/ledger.ts';
import type { Service } from './service.ts';
import { unpublishedOf } from './unpublished.ts';
import { rootOf } from './workspace-of.ts';

export type Readiness = {
  readonly ready: boolean;
  /** False: a power cut can undo what was acknowledged. */
  readonly durable: boolean;
  readonly database: 'up' | 'down';
  /**
   * `behind`: an organisation's log has to be restored before anything is added to it. `unpublished`: what was added to one
   * minutes ago is not published, so nothing is released; what people say is taken.
   */
  readonly logs: 'sound' | 'unpublished' | 'behind' | 'unknown';
};

/** Opening every log takes a while; that all were sound holds for so long. */
const soundMs = 60_000;
/** Publishing takes seconds. */
const patienceSeconds = 300;
const behind: readonly LedgerErrorCode[] = [
  'ledger-behind',
  'ledger-held-back',
  'ledger-forked',
  'ledger-missing',
  'ledger-damaged',
];

/** Anybody may ask, as often as they like: of those who ask at once it looks for one. */
export function readinessOf(service: Service): () => Promise<Readiness> {
  let soundAt: number | null = null;
  let looking: Promise<Readiness> | null = null;
  const look = async (): Promise<Readiness> => {
    const health = await service.state.health();
    if (health.kind === 'down') return { ready: false, durable: false, database: 'down', logs: 'unknown' };
    const { durable } = health;
    const now = performance.now();
    if (soundAt !== null && now - soundAt < soundMs)
      return { ready: true, durable, database: 'up', logs: 'sound' };
    const logs = await logsOf(service);
    soundAt = logs === 'sound' ? now : null;
    return { ready: logs === 'sound' || logs === 'unpublished', durable, database: 'up', logs };
  };
  return () => {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };
}

/** Of an organisation that is being made there may be none yet. */
async function logsOf(service: Service): Promise<Readiness['logs']> {
  const { state, log } = service;
  let waiting = false;
  for (const { org } of await state.organisations()) {
    const place = postgresLedger({ state, org, root: rootOf(service, org) });
    try {
      if (!(await place.begun())) continue;
      const ledger = await place.open({ waitMs: 2_000 });
      await ledger.close();
      const unpublished = await unpublishedOf(service, org);
      waiting ||= (unpublished?.seconds ?? 0) > patienceSeconds;
    } catch (error) {
      log.error({ org, err: error }, 'a log cannot be added to');
      return error instanceof LedgerError && behind.includes(error.code) ? 'behind' : 'unknown';
    }
  }
  return waiting ? 'unpublished' : 'sound';
}
