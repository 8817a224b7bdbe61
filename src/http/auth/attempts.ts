/** How often somebody may try to sign in, counted in the database: for all servers together, by address and by account. */
import { createHmac } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { AuthSettings } from './auth-options.ts';

export type Attempt = { readonly kind: 'go' } | { readonly kind: 'wait'; readonly seconds: number };
/** Of whom: `address` on the network, `account` as it was typed. */
export type Asking = { readonly address: string; readonly account: string };

export type Attempts = {
  /** A password tried. */
  password(asking: Asking): Promise<Attempt>;
  /** It was right: what was tried before no longer counts against this account from there. */
  passwordWasRight(asking: Asking): Promise<void>;
  /** A mail asked for, whether or not one goes. */
  mail(asking: Asking): Promise<Attempt>;
  /** A code or a link tried. */
  code(address: string): Promise<Attempt>;
  /** The code of a letter looked up. */
  letter(address: string): Promise<Attempt>;
  /** There was such a letter: it was no guess, and does not count. */
  letterWasKnown(address: string): Promise<void>;
  /** The letter of a code opened, from wherever, whether or not there is one. */
  letterOpened(code: string): Promise<Attempt>;
  /** A stop by the code of a letter. */
  letterStop(code: string): Promise<Attempt>;
  /** A receipt or a proof checked. */
  file(address: string): Promise<Attempt>;
};

/** `points` in so many minutes. */
const limits = {
  passwordHere: { points: 10, minutes: 15 },
  passwordAnywhere: { points: 100, minutes: 60 },
  passwordsFrom: { points: 100, minutes: 60 },
  mailTo: { points: 5, minutes: 60 },
  mailFrom: { points: 50, minutes: 60 },
  codeFrom: { points: 60, minutes: 15 },
  lettersFrom: { points: 20, minutes: 15 },
  openedBy: { points: 40, minutes: 60 },
  stopsBy: { points: 10, minutes: 1440 },
  filesFrom: { points: 60, minutes: 15 },
} as const;
type Limit = keyof typeof limits;

const forgetEvery = 600_000;

export function openAttempts({ state, secret }: Pick<AuthSettings, 'state' | 'secret'>): Attempts {
  // Of PGlite's one session, named statements of two connections would collide; and it counts in numbers.
  const storeClient = {
    query: async ({ text, values }: { readonly text: string; readonly values: unknown[] }) => {
      const { rows, rowCount } = await state.pool.query<{ expire: bigint | null }>(text, values);
      return { rows: rows.map((row) => ({ ...row, expire: Number(row.expire) })), rowCount };
    },
  };
  const limiterOf = (name: Limit) =>
    new RateLimiterPostgres({
      storeClient,
      storeType: 'pool',
      schemaName: 'staff_auth',
      tableName: 'sign_in_attempt',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: name,
      points: limits[name].points,
      duration: limits[name].minutes * 60,
    });
  const limiters = Object.fromEntries(
    (Object.keys(limits) as Limit[]).map((name) => [name, limiterOf(name)]),
  ) as Record<Limit, RateLimiterPostgres>;
  // Who asked stands there under a key that only this secret makes.
  const keyOf = (...parts: readonly string[]): string =>
    createHmac('sha256', secret)
      .update(JSON.stringify(parts.map((part) => part.toLowerCase())))
      .digest('base64url');
  let forgotten = 0;
  const take = async (wanted: readonly (readonly [Limit, string])[]): Promise<Attempt> => {
    if (Date.now() - forgotten > forgetEvery) {
      forgotten = Date.now();
      await state.pool.query('DELETE FROM staff_auth.sign_in_attempt WHERE expire < $1', [forgotten]);
    }
    for (const [name, key] of wanted) {
      const attempt = await consume(limiters[name], key);
      if (attempt.kind === 'wait') return attempt;
    }
    return { kind: 'go' };
  };
  return {
    password: ({ address, account }) =>
      take([
        ['passwordHere', keyOf(address, account)],
        ['passwordsFrom', keyOf(address)],
        ['passwordAnywhere', keyOf(account)],
      ]),
    passwordWasRight: async ({ address, account }) => {
      await limiters.passwordHere.delete(keyOf(address, account));
    },
    mail: ({ address, account }) =>
      take([
        ['mailTo', keyOf(account)],
        ['mailFrom', keyOf(address)],
      ]),
    code: (address) => take([['codeFrom', keyOf(address)]]),
    letter: (address) => take([['lettersFrom', keyOf(address)]]),
    letterWasKnown: async (address) => {
      await limiters.lettersFrom.reward(keyOf(address));
    },
    letterOpened: (code) => take([['openedBy', keyOf(code)]]),
    letterStop: (code) => take([['stopsBy', keyOf(code)]]),
    file: (address) => take([['filesFrom', keyOf(address)]]),
  };
}

async function consume(limiter: RateLimiterPostgres, key: string): Promise<Attempt> {
  try {
    await limiter.consume(key);
    return { kind: 'go' };
  } catch (refused) {
    if (refused instanceof RateLimiterRes)
      return { kind: 'wait', seconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) };
    throw refused;
  }
}
