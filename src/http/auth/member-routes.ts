/** Members sign in by a link that is mailed to an address on record. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { heldDays } from '../../app/flow/contact-changes.ts';
import { linkMinutes } from '../../app/flow/link-lasts.ts';
import { checkYourMailPage } from '../../pages/check-your-mail.ts';
import { linkOverPage } from '../../pages/link-over.ts';
import { arrivePage, memberSignInPage } from '../../pages/member-sign-in.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import { wordsAsked } from '../language.ts';
import { memberSignIn, wayBack } from '../way-back.ts';
import {
  afterwards,
  answered,
  endOther,
  fieldsOf,
  giveCookies,
  linkToken,
  type RouteOptions,
  sendOn,
  showAsked,
  tooMany,
} from './page-answers.ts';

const longest = 254;
const address = z.email().max(longest).toLowerCase();

/** An address all the same, but not in the letters that a link is sent by; browsers write such a domain as `xn--`. */
function isInOtherLetters(text: string): boolean {
  if (text.length > longest) return false;
  const [name = '', domain = '', ...more] = text.split('@');
  if (name === '' || domain === '' || more.length > 0 || /\s/.test(text)) return false;
  return !/^\p{ASCII}*$/u.test(text) || domain.includes('xn--');
}

const link = z.object({ org: z.string().max(63), token: linkToken, to: z.string().optional() });
const arrived = z.object({ token: z.string(), user: z.object({ email: z.string() }) });

export function memberRoutes(options: RouteOptions): Hono {
  const routes = new Hono();
  routes.get('/sign-in', (c) => ask(c, options, { ...c.req.query(), email: '', faults: [] }));
  routes.post('/sign-in', (c) => sendLink(c, options));
  routes.get('/mail-sent', (c) =>
    showAsked(
      c,
      (words) => checkYourMailPage(words, { minutes: linkMinutes, again: againFor(options, c.req.query()) }),
      200,
    ),
  );
  routes.get('/arrive', (c) => offer(c, options));
  routes.post('/arrive', (c) => arrive(c, options));
  return routes;
}

type Typed = {
  readonly org?: unknown;
  /** Where they were going. */
  readonly to?: unknown;
  readonly email: string;
  readonly faults: readonly FormFault[];
};

async function ask(c: Context, { auths, home }: RouteOptions, typed: Typed): Promise<Response> {
  const { org, email, faults } = typed;
  const organisations = await auths.settings.state.organisations();
  const chosen = organisations.find((each) => each.org === org)?.org ?? null;
  const to = chosen === null ? null : wayBack(home(chosen), typed.to);
  const shown = { organisations, chosen, to, email, faults, heldDays };
  return showAsked(c, (words) => memberSignInPage(words, shown), faults.length === 0 ? 200 : 400);
}

/** The answer is the same, and as quick, whether or not the address is on record: it is looked up afterwards. */
async function sendLink(c: Context, options: RouteOptions): Promise<Response> {
  const { auths, addressOf, home } = options;
  const given = await fieldsOf(c);
  const email = address.safeParse(given.email);
  const organisation = (await auths.settings.state.organisations()).find(({ org }) => org === given.org);
  const { language, signIn } = wordsAsked(c);
  const { faults: wrong } = signIn.ask;
  if (!email.success || organisation === undefined) {
    const faults = [
      ...(organisation === undefined ? [{ field: 'org', text: wrong.organisation }] : []),
      ...(email.success
        ? []
        : [{ field: 'email', text: isInOtherLetters(String(given.email)) ? wrong.letters : wrong.email }]),
    ];
    return ask(c, options, {
      ...{ org: given.org, to: given.to },
      email: typeof given.email === 'string' ? given.email : '',
      faults,
    });
  }
  const { org } = organisation;
  const to = wayBack(home(org), given.to);
  const attempt = await auths.attempts.mail({ address: addressOf(c), account: email.data });
  if (attempt.kind === 'wait') return tooMany(c, attempt);
  const taken = auths.mailing.members.add('mailing a link to sign in', async () => {
    if (!(await auths.settings.isOnRecord(org, email.data))) return;
    await auths.members.api.signInMagicLink({
      body: { email: email.data, metadata: { org, language, to } },
      headers: new Headers(),
    });
  });
  if (!taken) return tooMany(c, { kind: 'wait', seconds: 60 });
  return sendOn(
    c,
    `/auth/members/mail-sent${to === null ? '' : `?${new URLSearchParams({ org, to }).toString()}`}`,
  );
}

async function offer(c: Context, { auths, home }: RouteOptions): Promise<Response> {
  const parsed = link.safeParse(c.req.query());
  const organisation = parsed.success ? await named(auths.settings.state, parsed.data.org) : undefined;
  if (!parsed.success || organisation === undefined) return linkOver(c, signIn);
  const to = wayBack(home(organisation.org), parsed.data.to);
  const shown = { ...organisation, token: parsed.data.token, to };
  return showAsked(c, (words) => arrivePage(words, shown), 200);
}

async function arrive(c: Context, options: RouteOptions): Promise<Response> {
  const { auths, addressOf, home } = options;
  const attempt = await auths.attempts.code(addressOf(c));
  if (attempt.kind === 'wait') return tooMany(c, attempt);
  const parsed = link.safeParse(await fieldsOf(c));
  const organisation = parsed.success ? await named(auths.settings.state, parsed.data.org) : undefined;
  if (!parsed.success || organisation === undefined) return linkOver(c, signIn);
  const { headers } = c.req.raw;
  const answer = await answered(
    auths.members.api.magicLinkVerify({ query: { token: parsed.data.token }, headers, asResponse: true }),
  );
  const again = againFor(options, parsed.data);
  // Where the link does not hold better-auth sends elsewhere.
  if (answer.status !== 200) return linkOver(c, again);
  const { token: session, user } = arrived.parse(await answer.json());
  const { org } = organisation;
  // Which organisation is only said by the address of the page: it holds where this one, too, has the address.
  if (!(await auths.settings.isOnRecord(org, user.email))) {
    const next = afterwards(headers, answer);
    await answered(auths.members.api.signOut({ headers: next, asResponse: true }));
    return linkOver(c, again);
  }
  await (await auths.members.$context).internalAdapter.updateSession(session, { org });
  await endOther(c, auths.staff);
  giveCookies(c, answer);
  return sendOn(c, wayBack(home(org), parsed.data.to) ?? home(org));
}

/** Where another link is asked for, with what was said the first time. */
function againFor({ home }: RouteOptions, { org, to }: Readonly<Record<string, unknown>>): string {
  return typeof org !== 'string' || org.length > 63 ? signIn : memberSignIn(org, wayBack(home(org), to));
}
const signIn = '/auth/members/sign-in';

async function named(
  state: RouteOptions['auths']['settings']['state'],
  org: string,
): Promise<{ readonly org: string; readonly name: string } | undefined> {
  return (await state.organisations()).find((each) => each.org === org);
}

const linkOver = (c: Context, href: string): Promise<Response> =>
  showAsked(
    c,
    (words) => {
      const { used, again } = words.signIn.over;
      return linkOverPage(words, { what: used, again: { href, text: again } });
    },
    410,
  );
