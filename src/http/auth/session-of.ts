/** Whose session a request carries: of staff, or of a member. An idle one is ended. */
import { APIError } from 'better-auth/api';
import { sessionIdle } from './auth-options.ts';
import type { Auths } from './auths.ts';
import type { MemberAuth } from './member-auth.ts';
import type { StaffAuth } from './staff-auth.ts';

export type StaffSession = {
  readonly id: string;
  readonly token: string;
  readonly person: string;
  readonly email: string;
  /** Without it the session opens nothing but the page that sets one up. */
  readonly secondFactor: boolean;
};
export type MemberSession = {
  readonly id: string;
  readonly email: string;
  /** The one organisation for which it holds. */
  readonly org: string;
};

/** In milliseconds: how exactly it is written down when a session was last used. */
const seenEvery = 60_000;

export async function staffSession(auths: Auths, headers: Headers): Promise<StaffSession | null> {
  const found = await ask(() => auths.staff.api.getSession({ headers }));
  if (found === null || !(await isLive(auths.staff, found.session))) return null;
  const { session, user } = found;
  return {
    id: session.id,
    token: session.token,
    person: user.id,
    email: user.email,
    secondFactor: session.secondFactor === true,
  };
}

export async function memberSession(auths: Auths, headers: Headers): Promise<MemberSession | null> {
  const found = await ask(() => auths.members.api.getSession({ headers }));
  if (found === null || !(await isLive(auths.members, found.session))) return null;
  const { session, user } = found;
  return typeof session.org === 'string' ? { id: user.id, email: user.email, org: session.org } : null;
}

/** Ends an idle one, and writes down of another that it was used. */
async function isLive(
  auth: StaffAuth | MemberAuth,
  session: { readonly token: string; readonly updatedAt: Date },
): Promise<boolean> {
  const since = Date.now() - session.updatedAt.getTime();
  if (since < seenEvery) return true;
  const { internalAdapter } = await auth.$context;
  if (since < sessionIdle) await internalAdapter.updateSession(session.token, { updatedAt: new Date() });
  else await internalAdapter.deleteSession(session.token);
  return since < sessionIdle;
}

/** Of a database that is away better-auth tells only that the session was not found out: the cause is thrown instead. */
async function ask<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof APIError && error.cause !== undefined ? error.cause : error;
  }
}
