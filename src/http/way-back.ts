/** Where somebody who has to sign in first was going: a page of the organisation they sign in to, and nothing else. */

const longest = 400;
/** The path of an organisation, without a slash at its end. */
export const homeOf = (org: string): string => `/organisations/${org}`;

/** No dot begins a part, and nothing is a host. */
const below = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*(?:\?[A-Za-z0-9._~=&,:%-]*)?$/;

/** `to` where it is at or below `home`, a path of ours; null of all else. */
export function wayBack(home: string, to: unknown): string | null {
  if (typeof to !== 'string' || to.length > longest || !to.startsWith(home)) return null;
  return below.test(to.slice(home.length)) ? to : null;
}

/** Whose page a file is of: after signing in somebody is led to a page. */
export const pageOfFile = (path: string): string =>
  path.replace(/\/copy\/[^/]*$/, '/say/copy').replace(/(?:\/(?:proof|manifest))?\.json$/, '');

/** The page that asks staff for their address; whose organisation it is is known once they are in. */
export const staffSignIn = (to: string | null): string =>
  `/auth/staff/sign-in${to === null ? '' : `?${new URLSearchParams({ to })}`}`;

/** The page that asks a member for their address, with the organisation chosen. */
export const memberSignIn = (org: string, to: string | null): string =>
  `/auth/members/sign-in?${new URLSearchParams({ org, ...(to === null ? {} : { to }) })}`;
