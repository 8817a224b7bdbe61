/** Who reads a page that says what went wrong: it leads them to what is theirs. */
import { getSessionCookie } from 'better-auth/cookies';
import type { Reader } from '../pages/problem.ts';
import { knownOf } from './auth/actor.ts';
import type { Auths } from './auth/auths.ts';
import { rolesOf } from './auth/roles-of.ts';
import { homeOf } from './way-back.ts';

/**
 * Of the organisation that the path is below, where it is one of theirs. Nobody where it cannot be told, whatever the cause.
 * Anybody may ask, as often as they like: it costs the session and one look at roles, however many organisations there are.
 */
export async function readerOf(auths: Auths, request: Request): Promise<Reader> {
  if (!request.headers.has('Cookie')) return nobody;
  try {
    const known = await knownOf(auths, request.headers);
    if (known === null) return nobody;
    if (known.kind === 'member') return { kind: 'member', home: homeOf(known.org) };
    const [, named] = /^\/organisations\/([^/]+)/.exec(new URL(request.url).pathname) ?? [];
    if (named === undefined) return { kind: 'staff', home: null };
    const { roles } = await rolesOf(auths.settings, known.person, named);
    return { kind: 'staff', home: roles.size > 0 ? homeOf(named) : null };
  } catch {
    return nobody;
  }
}

/**
 * By what their browser sends alone, where nobody can or is to be asked: a way on, and no more. Of the organisation that the
 * path is below.
 */
export function readerByCookie({ headers, url }: Request): Reader {
  const [home] = /^\/organisations\/[^/]+/.exec(new URL(url).pathname) ?? [];
  const has = (cookiePrefix: string): boolean => getSessionCookie(headers, { cookiePrefix }) !== null;
  if (has('astold-staff')) return { kind: 'staff', home: home ?? null };
  return has('astold-member') && home !== undefined ? { kind: 'member', home } : nobody;
}

const nobody: Reader = { kind: 'nobody' };
