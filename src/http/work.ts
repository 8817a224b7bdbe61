/** What the server does that nobody waits for, in a process of its own: jobs, mail, webhooks, reminders, publishing. */
import { joinService, type StateAddress } from '../app/flow/open-service.ts';
import { accountsOf } from './auth/accounts.ts';
import { openAuths } from './auth/auths.ts';
import { authSettings } from './auth-settings.ts';
import type { Config } from './config.ts';
import { openLog } from './log.ts';
import { serviceSettings } from './service-settings.ts';

/** Plain, and secret. */
export type WorkerTask = { readonly config: Config; readonly address: StateAddress };
export type ToWorker =
  | { readonly kind: 'begin'; readonly task: WorkerTask }
  /** What is under way may end, for so long. */
  | { readonly kind: 'stop'; readonly waitMs: number };
export type FromWorker =
  | { readonly kind: 'up' }
  | { readonly kind: 'figures'; readonly rssBytes: number; readonly cpuSeconds: number };

export type Working = {
  stop(waitMs: number): Promise<void>;
};

/** Throws StateError, AuthError, and what pg-boss throws. */
export async function work({ config, address }: WorkerTask): Promise<Working> {
  const log = openLog(config.logLevel);
  const joined = await joinService(await serviceSettings(config), address, log, () => new Date());
  try {
    const auths = openAuths(await authSettings(config, joined, log));
    await joined.start(accountsOf(auths));
    return {
      async stop(waitMs) {
        await auths.settled();
        await joined.stop(waitMs);
      },
    };
  } catch (error) {
    await joined.stop(0);
    throw error;
  }
}
