/** One-time links of the try-out database: with a database that was given these pages are not there. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { linkOverPage } from '../../pages/link-over.ts';
import { tryOutPage } from '../../pages/try-out.ts';
import { english } from '../../words/words.ts';
import { isTryingOut } from './one-time-link.ts';
import {
  afterwards,
  answered,
  endOther,
  fieldsOf,
  giveCookies,
  landing,
  linkToken,
  type RouteOptions,
  sendOn,
  show,
} from './page-answers.ts';
import { organisationsOf } from './roles-of.ts';
import { memberSession } from './session-of.ts';

const opened = z.object({ user: z.string() });
type Side = 'staff' | 'members';

export function tryOutRoutes(options: RouteOptions): Hono {
  const routes = new Hono();
  if (!isTryingOut(options.auths)) return routes;
  for (const side of ['staff', 'members'] as const) {
    const action = `/auth/${side}/try`;
    routes.get(action, (c) => {
      const given = linkToken.safeParse(c.req.query('token'));
      return given.success ? show(c, tryOutPage({ action, token: given.data }), 200) : linkOver(c);
    });
    routes.post(action, (c) => open(c, options, side));
  }
  return routes;
}

async function open(c: Context, options: RouteOptions, side: Side): Promise<Response> {
  const { auths } = options;
  const given = linkToken.safeParse((await fieldsOf(c)).token);
  if (!given.success) return linkOver(c);
  const { headers } = c.req.raw;
  const asked = { body: { token: given.data }, headers, asResponse: true } as const;
  const answer = await answered(auths[side].api.openOneTimeLink(asked));
  const found = opened.safeParse(await answer.json());
  if (!found.success) return linkOver(c);
  await endOther(c, side === 'staff' ? auths.members : auths.staff);
  giveCookies(c, answer);
  if (side === 'staff')
    return sendOn(c, landing(options, await organisationsOf(auths.settings, found.data.user), null));
  const member = await memberSession(auths, afterwards(headers, answer));
  return member === null ? linkOver(c) : sendOn(c, options.home(member.org));
}

const linkOver = (c: Context): Promise<Response> =>
  show(
    c,
    linkOverPage(english, {
      what: 'It was used already, or it is older than an hour.',
      again: { href: '/auth/staff/sign-in', text: 'Sign in' },
    }),
    410,
  );
