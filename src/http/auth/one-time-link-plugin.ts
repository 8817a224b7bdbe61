/** Sessions opened by a link that is shown, not mailed: for trying out. `one-time-link.ts` makes the links. */
import type { BetterAuthPlugin } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';

export const oneTimeIdentifier = (token: string): string => `one-time-link:${token}`;

/** What the link opens: the session of `user`, with these fields set. */
const kept = z.strictObject({
  user: z.string(),
  session: z.record(z.string(), z.union([z.string(), z.boolean()])),
});
export type OneTimeLink = z.output<typeof kept>;

export function oneTimeLinks() {
  return {
    id: 'one-time-link',
    endpoints: {
      /** Null where the link was used, has expired, or was never made. */
      openOneTimeLink: createAuthEndpoint.serverOnly(
        { method: 'POST', body: z.object({ token: z.string() }) },
        async (ctx) => {
          const { internalAdapter } = ctx.context;
          const row = await internalAdapter.consumeVerificationValue(oneTimeIdentifier(ctx.body.token));
          if (row === null) return ctx.json(null);
          const link = kept.parse(JSON.parse(row.value));
          const user = await internalAdapter.findUserById(link.user);
          if (user === null) return ctx.json(null);
          const session = await internalAdapter.createSession(user.id, false, link.session, true);
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ user: user.id });
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}
