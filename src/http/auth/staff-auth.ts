/** The accounts of staff: e-mail, password and a second factor, and the keys of machines that act for them. */
import { apiKey } from '@better-auth/api-key';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { twoFactor } from 'better-auth/plugins';
import { passwordMinutes } from '../../app/flow/link-lasts.ts';
import { type AuthSettings, commonOptions } from './auth-options.ts';
import { mailNewPassword } from './mails.ts';
import { oneTimeLinks } from './one-time-link-plugin.ts';

export const shortestPassword = 12;
export const longestPassword = 128;

/** Where a session that is made has seen the second factor; nowhere else is it marked so. */
const factorPaths: ReadonlySet<string> = new Set([
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
]);

/** Nobody signs up: an account is made by a grant of a role, and its password set by the mailed link. */
export function staffAuth(settings: AuthSettings) {
  const common = commonOptions(settings, {
    basePath: '/auth/staff',
    cookiePrefix: 'astold-staff',
    schemaName: 'staff_auth',
  });
  return betterAuth({
    ...common,
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: shortestPassword,
      maxPasswordLength: longestPassword,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: passwordMinutes * 60,
      sendResetPassword: ({ user, token }) =>
        mailNewPassword(settings, { email: user.email, token, minutes: passwordMinutes }),
    },
    session: {
      ...common.session,
      additionalFields: {
        // Of the session, not of the account: one that was opened by password alone stays so when another sets it up.
        secondFactor: { type: 'boolean', required: true, defaultValue: false, input: false },
      },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => ({
            data: factorPaths.has(context?.path ?? '') ? { ...session, secondFactor: true } : session,
          }),
        },
      },
    },
    plugins: [
      twoFactor({ issuer: 'AsTold', accountLockout: { maxFailedAttempts: 10, durationSeconds: 900 } }),
      apiKey({
        enableMetadata: true,
        requireName: true,
        maximumNameLength: 80,
        defaultPrefix: 'astold_',
        // Enough to tell keys apart: the prefix and four letters of 64.
        startingCharactersConfig: { shouldStore: true, charactersLength: 11 },
        rateLimit: { enabled: false },
      }),
      oneTimeLinks(),
    ],
  } satisfies BetterAuthOptions);
}

export type StaffAuth = ReturnType<typeof staffAuth>;
