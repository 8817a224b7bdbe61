/** What signing in is made of, from the configuration and the service. */
import type { Logger } from 'pino';
import { isOnRecord } from '../app/flow/is-on-record.ts';
import type { OpenService } from '../app/flow/open-service.ts';
import type { AuthSettings } from './auth/auth-options.ts';
import { authSecret } from './auth/auth-secret.ts';
import type { Config } from './config.ts';

export async function authSettings(
  config: Config,
  { service }: Pick<OpenService, 'service'>,
  log: Logger,
): Promise<AuthSettings> {
  const { state, now } = service;
  const secret = await authSecret({ data: config.data, given: config.authSecret });
  return {
    state,
    url: config.url,
    secret,
    log,
    now,
    isOnRecord: (org, email) => isOnRecord(service, org, email),
  };
}
