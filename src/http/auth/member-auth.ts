/** The accounts of members: a link by mail, and nothing that opens anything of the staff's. */
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { magicLink } from 'better-auth/plugins';
import { z } from 'zod';
import { linkMinutes } from '../../app/flow/link-lasts.ts';
import { type AuthSettings, commonOptions } from './auth-options.ts';
import { mailMemberLink } from './mails.ts';
import { oneTimeLinks } from './one-time-link-plugin.ts';

const metadataOf = z.object({ org: z.string(), language: z.string(), to: z.string().nullable() });

/** An account is made when the first link is opened: links go only to addresses on record. */
export function memberAuth(settings: AuthSettings) {
  const common = commonOptions(settings, {
    basePath: '/auth/members',
    cookiePrefix: 'astold-member',
    schemaName: 'member_auth',
  });
  return betterAuth({
    ...common,
    session: {
      ...common.session,
      additionalFields: {
        /** The organisation as whose member they came; without it the session opens nothing. */
        org: { type: 'string', required: false, input: false },
      },
    },
    plugins: [
      magicLink({
        expiresIn: linkMinutes * 60,
        sendMagicLink: ({ email, token, metadata }) =>
          mailMemberLink(settings, { email, token, ...metadataOf.parse(metadata), minutes: linkMinutes }),
      }),
      oneTimeLinks(),
    ],
  } satisfies BetterAuthOptions);
}

export type MemberAuth = ReturnType<typeof memberAuth>;
