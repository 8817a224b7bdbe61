/** Links that open a session at once, without a password: for trying out, on a database that is for trying out. */
import { generateRandomString } from 'better-auth/crypto';
import { AuthError } from './auth-error.ts';
import type { Auths } from './auths.ts';
import type { MemberAuth } from './member-auth.ts';
import { type OneTimeLink, oneTimeIdentifier } from './one-time-link-plugin.ts';
import type { StaffAuth } from './staff-auth.ts';

const goodFor = 3600_000;

/** Whether such links are made and opened at all: never on a database that was given. */
export const isTryingOut = ({ settings }: Auths): boolean => settings.state.kind === 'pglite';

/** A link for staff, good once and for an hour. Throws AuthError `not-trying-out`. */
export async function makeOneTimeLink(
  auths: Auths,
  { person }: { readonly person: string },
): Promise<string> {
  requireTryingOut(auths);
  // A full session: without a second factor there would be nothing to try.
  return keep(auths, auths.staff, 'staff', { user: person, session: { secondFactor: true } });
}

/** A link for the member of an organisation with this address. Throws AuthError `not-trying-out`. */
export async function makeMemberOneTimeLink(
  auths: Auths,
  { org, email }: { readonly org: string; readonly email: string },
): Promise<string> {
  requireTryingOut(auths);
  const { internalAdapter } = await auths.members.$context;
  const { id } =
    (await internalAdapter.findUserByEmail(email))?.user ??
    (await internalAdapter.createUser({ email, name: '', emailVerified: true }, { method: 'admin' }));
  return keep(auths, auths.members, 'members', { user: id, session: { org } });
}

async function keep(
  { settings }: Auths,
  auth: StaffAuth | MemberAuth,
  path: 'staff' | 'members',
  link: OneTimeLink,
): Promise<string> {
  const token = generateRandomString(32);
  const { internalAdapter } = await auth.$context;
  await internalAdapter.createVerificationValue({
    identifier: oneTimeIdentifier(token),
    value: JSON.stringify(link),
    expiresAt: new Date(Date.now() + goodFor),
  });
  return `${settings.url}/auth/${path}/try?${new URLSearchParams({ token })}`;
}

function requireTryingOut(auths: Auths): void {
  if (!isTryingOut(auths))
    throw new AuthError(
      'not-trying-out',
      'one-time links are for the database that comes along for trying out',
    );
}
