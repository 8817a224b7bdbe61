/** What the accounts of staff and those of members have alike: where they are kept, their sessions and cookies. */
import type { BetterAuthOptions } from 'better-auth';
import { Kysely, PostgresDialect } from 'kysely';
import type { Logger } from 'pino';
import type { Service } from '../../app/flow/service.ts';

export type AuthSettings = {
  readonly state: Service['state'];
  /** Where the service is reached from outside, without a slash at its end. */
  readonly url: string;
  readonly secret: string;
  readonly log: Logger;
  /** Of the mail that is queued; what expires does so by the machine's clock. */
  readonly now: () => Date;
  /** Whether the organisation holds a record with this address, lower-cased. */
  isOnRecord(org: string, email: string): Promise<boolean>;
};

/** In seconds. */
export const sessionLength = 12 * 3600;
/** In milliseconds: a session nobody used for so long is over. */
export const sessionIdle = 3600_000;

type Kind = { readonly basePath: string; readonly cookiePrefix: string; readonly schemaName: string };

/** Cookies are HttpOnly and SameSite=Lax, and Secure where the service is reached by https. */
export function commonOptions(settings: AuthSettings, kind: Kind) {
  return {
    appName: 'AsTold',
    baseURL: settings.url,
    basePath: kind.basePath,
    secret: settings.secret,
    database: {
      // Its pool is the state's: it is never destroyed here.
      db: new Kysely({ dialect: new PostgresDialect({ pool: settings.state.pool }) }),
      type: 'postgres',
      schemaName: kind.schemaName,
      transaction: true,
    },
    // Its length counts from sign-in; `session-of.ts` ends an idle one.
    session: { expiresIn: sessionLength, disableSessionRefresh: true },
    verification: { storeIdentifier: 'hashed' },
    // Its handler is not mounted, and its limits are of addresses alone: `attempts.ts` has ours.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: loggerTo(settings.log),
    advanced: {
      cookiePrefix: kind.cookiePrefix,
      useSecureCookies: settings.url.startsWith('https:'),
      ipAddress: { disableIpTracking: true },
    },
  } satisfies BetterAuthOptions;
}

/** Its messages alone: what it adds to them may name a person. */
function loggerTo(log: Logger) {
  return {
    level: 'warn',
    log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) =>
      log[level]({ part: 'auth' }, message),
  } as const;
}
