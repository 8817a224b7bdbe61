/** What somebody does who is signed in: choose an organisation, see their sessions and end them, leave. */
import { type Context, Hono } from 'hono';
import type { Actor } from '../../app/flow/service.ts';
import { chooseOrganisationPage } from '../../pages/choose-organisation.ts';
import { sessionsPage } from '../../pages/sessions.ts';
import { signedOutPage } from '../../pages/signed-out.ts';
import {
  answered,
  fieldsOf,
  giveCookies,
  type RouteOptions,
  sendOn,
  show,
  showAsked,
} from './page-answers.ts';
import { organisationsOf } from './roles-of.ts';
import { memberSession, type StaffSession, staffSession } from './session-of.ts';

export function sessionRoutes(options: RouteOptions): Hono {
  const { auths } = options;
  const routes = new Hono();
  routes.get('/organisations', (c) => choose(c, options));
  routes.get('/auth/signed-out', (c) => showAsked(c, signedOutPage, 200));
  routes.post('/auth/sign-out', async (c) => {
    for (const auth of [auths.staff, auths.members])
      giveCookies(c, await answered(auth.api.signOut({ headers: c.req.raw.headers, asResponse: true })));
    return sendOn(c, '/auth/signed-out');
  });
  routes.get('/auth/staff/sessions', (c) => signedIn(c, options, (session) => list(c, options, session)));
  routes.post('/auth/staff/sessions/end', (c) => signedIn(c, options, (session) => end(c, options, session)));
  return routes;
}

async function choose(c: Context, options: RouteOptions): Promise<Response> {
  const { auths, home } = options;
  const member = await memberSession(auths, c.req.raw.headers);
  if (member !== null) return sendOn(c, home(member.org));
  return signedIn(c, options, async (session) => {
    const organisations = (await organisationsOf(auths.settings, session.person)).map(({ org, name }) => ({
      href: home(org),
      name,
    }));
    return show(c, chooseOrganisationPage({ actor: nobodyYet(session), organisations }), 200);
  });
}

async function list(c: Context, { auths }: RouteOptions, session: StaffSession): Promise<Response> {
  const { internalAdapter } = await auths.staff.$context;
  const sessions = await internalAdapter.listSessions(session.person, { onlyActiveSessions: true });
  const shown = sessions
    .map(({ id, createdAt, updatedAt, userAgent }) => ({
      ...{ id, here: id === session.id, began: createdAt, seen: updatedAt },
      browser: (userAgent ?? '').slice(0, 120),
    }))
    .sort((a, b) => b.seen.getTime() - a.seen.getTime());
  return show(c, sessionsPage({ actor: nobodyYet(session), sessions: shown, notice: null }), 200);
}

/** One's own: of another's id nothing is found. */
async function end(c: Context, { auths }: RouteOptions, session: StaffSession): Promise<Response> {
  const { session: wanted } = await fieldsOf(c);
  const { internalAdapter } = await auths.staff.$context;
  const sessions = await internalAdapter.listSessions(session.person, { onlyActiveSessions: true });
  const found = sessions.find(({ id }) => id === wanted);
  if (found !== undefined) await internalAdapter.deleteSession(found.token);
  return sendOn(c, found?.id === session.id ? '/auth/signed-out' : '/auth/staff/sessions');
}

/** Staff whose session saw the second factor; others are sent to where they get one. */
async function signedIn(
  c: Context,
  { auths }: RouteOptions,
  work: (session: StaffSession) => Promise<Response>,
): Promise<Response> {
  const session = await staffSession(auths, c.req.raw.headers);
  if (session === null) return sendOn(c, '/auth/staff/sign-in');
  return session.secondFactor ? work(session) : sendOn(c, '/auth/staff/set-up');
}

/** Signed in, and before any organisation: with no role. */
const nobodyYet = ({ person }: StaffSession): Actor => ({
  ...{ kind: 'staff', id: person, org: '', roles: new Set<never>(), party: null, mayFreeze: false },
});
