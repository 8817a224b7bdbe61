/** Who asks: by a session of staff, by one of a member, or by a machine's key; by two at once nobody does. */
import { getSessionCookie } from 'better-auth/cookies';
import { rightsOfKey } from '../../app/flow/key-rights.ts';
import type { Actor } from '../../app/flow/service.ts';
import { together } from '../../app/flow/together.ts';
import type { Auths } from './auths.ts';
import { machineKey } from './machine-keys.ts';
import { rolesOf } from './roles-of.ts';
import { memberSession, staffSession } from './session-of.ts';

/**
 * Null where nobody asks, or it cannot be told who: nothing presented, or more than one thing, or what no longer holds; staff
 * whose session saw no second factor; a member of another organisation. Staff and machines without a role in `org`, which
 * need not exist, have no roles.
 */
export async function actorOf(auths: Auths, request: Request, org: string): Promise<Actor | null> {
  const credential = credentialOf(request.headers);
  switch (credential.kind) {
    case 'none':
      return null;
    case 'staff':
      return staffActor(auths, request.headers, org);
    case 'member':
      return memberActor(auths, request.headers, org);
    case 'key':
      return machineActor(auths, credential.secret, org);
  }
}

export type Known =
  | { readonly kind: 'staff'; readonly person: string }
  | { readonly kind: 'member'; readonly org: string };

/** Who is signed in in a browser, of whichever organisation. Null for machines, and where `actorOf` gives nobody of any. */
export async function knownOf(auths: Auths, headers: Headers): Promise<Known | null> {
  const { kind } = credentialOf(headers);
  if (kind === 'staff') {
    const session = await staffSession(auths, headers);
    return session?.secondFactor === true ? { kind, person: session.person } : null;
  }
  if (kind !== 'member') return null;
  const session = await memberSession(auths, headers);
  return session === null ? null : { kind, org: session.org };
}

type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'staff' }
  | { readonly kind: 'member' }
  | { readonly kind: 'key'; readonly secret: string };

const bearer = /^Bearer +([A-Za-z0-9_]{32,128})$/i;

function credentialOf(headers: Headers): Credential {
  const presented: Credential[] = [];
  if (getSessionCookie(headers, { cookiePrefix: 'astold-staff' }) !== null) presented.push({ kind: 'staff' });
  if (getSessionCookie(headers, { cookiePrefix: 'astold-member' }) !== null)
    presented.push({ kind: 'member' });
  const authorization = headers.get('authorization');
  if (authorization !== null) {
    const secret = bearer.exec(authorization)?.[1];
    presented.push(secret === undefined ? { kind: 'none' } : { kind: 'key', secret });
  }
  const [one, ...more] = presented;
  return one === undefined || more.length > 0 ? { kind: 'none' } : one;
}

async function staffActor(auths: Auths, headers: Headers, org: string): Promise<Actor | null> {
  const session = await staffSession(auths, headers);
  if (session === null || !session.secondFactor) return null;
  return { kind: 'staff', id: session.person, org, ...(await rolesOf(auths.settings, session.person, org)) };
}

async function memberActor(auths: Auths, headers: Headers, org: string): Promise<Actor | null> {
  const session = await memberSession(auths, headers);
  if (session === null || session.org !== org) return null;
  return { kind: 'member', id: session.id, org, email: session.email };
}

/** It asks as the person who made it: of two people, a person and their own key are one. */
function machineActor(auths: Auths, secret: string, org: string): Promise<Actor | null> {
  const ask = asking.get(auths) ?? together<Actor | null>(asksEvery);
  asking.set(auths, ask);
  return ask(`${org} ${secret}`, () => actorOfKey(auths, secret, org));
}

/** A machine asks much at once: who it is is read anew for all of it; milliseconds. */
const asksEvery = 10;
const asking = new WeakMap<Auths, ReturnType<typeof together<Actor | null>>>();

async function actorOfKey(auths: Auths, secret: string, org: string): Promise<Actor | null> {
  const key = await machineKey(auths, secret);
  if (key === null) return null;
  const roles =
    key.org === org ? rightsOfKey(await rolesOf(auths.settings, key.madeBy, org), key) : new Set<never>();
  const party = roles.has('recipient') ? key.party : null;
  return { kind: 'machine', id: key.madeBy, key: key.id, org, roles, party, mayFreeze: false };
}
