/** What the service is opened with: the configuration, and what its own secret covers. */
import { coverOf } from '../app/flow/cover.ts';
import type { ServiceSettings } from '../app/flow/open-service.ts';
import { authSecret } from './auth/auth-secret.ts';
import type { Config } from './config.ts';

/** Throws AuthError. */
export async function serviceSettings(config: Config): Promise<ServiceSettings> {
  const secret = await authSecret({ data: config.data, given: config.authSecret });
  return { ...config, cover: coverOf(secret) };
}
