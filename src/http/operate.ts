/** What whoever runs the server does at its command line. The server need not be running, and under the embedded database may not. */
import type { AccountsService } from '../app/flow/accounts.ts';
import { openService } from '../app/flow/open-service.ts';
import { accountsOf } from './auth/accounts.ts';
import { openAuths } from './auth/auths.ts';
import { authSettings } from './auth-settings.ts';
import type { Config } from './config.ts';
import { openLog } from './log.ts';
import { serviceSettings } from './service-settings.ts';

/** The service opened for `work` alone, and closed after it. Throws StateError, AuthError, and what `work` throws. */
export async function operate<T>(config: Config, work: (service: AccountsService) => Promise<T>): Promise<T> {
  const log = openLog(config.logLevel);
  const opened = await openService(await serviceSettings(config), log, () => new Date());
  try {
    const auths = openAuths(await authSettings(config, opened, log));
    return await work({ ...opened.service, accounts: accountsOf(auths) });
  } finally {
    await opened.stop();
  }
}
