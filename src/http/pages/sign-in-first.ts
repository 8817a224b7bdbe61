/** What whoever is signed in as nobody is shown: a way in that leads back, and what they had typed. */
import type { Context } from 'hono';
import { type NotSent, notSentPage } from '../../pages/not-sent.ts';
import { whichSignInPage } from '../../pages/which-sign-in.ts';
import { sayLanguage, wordsAsked } from '../language.ts';
import { readTexts } from '../read-form.ts';
import { homeOf, memberSignIn, pageOfFile, staffSignIn, wayBack } from '../way-back.ts';

const isSent = (c: Context): boolean => c.req.method === 'POST';

/** The page that was asked for, to come back to; null of what is none. */
function pageAskedFor(c: Context): string | null {
  const { pathname, search } = new URL(c.req.url);
  return wayBack(homeOf(c.req.param('org') ?? ''), `${pageOfFile(pathname)}${isSent(c) ? '' : search}`);
}

export async function askWhich(c: Context): Promise<Response> {
  if (isSent(c)) return askMember(c);
  const words = wordsAsked(c);
  c.header('Cache-Control', 'no-store');
  sayLanguage(c, words);
  const member = memberSignIn(c.req.param('org') ?? '', pageAskedFor(c));
  return c.html(await whichSignInPage(words, { member, staff: staffSignIn(staffPageAskedFor(c)) }), 401);
}

/** Of the copy that staff make for a request, the request. */
function staffPageAskedFor(c: Context): string | null {
  const home = homeOf(c.req.param('org') ?? '');
  if (!c.req.path.startsWith(`${home}/copy/`)) return pageAskedFor(c);
  const of = c.req.query('case');
  return wayBack(home, `${home}/desk${of === undefined ? '' : `/cases/${of}`}`);
}

export async function askMember(c: Context): Promise<Response> {
  const signIn = memberSignIn(c.req.param('org') ?? '', pageAskedFor(c));
  if (!isSent(c)) return c.redirect(signIn, 303);
  return notSent(c, { kind: 'member', signIn, typed: await readTexts(c) });
}

export async function askStaff(c: Context): Promise<Response> {
  if (!isSent(c)) return c.redirect(staffSignIn(pageAskedFor(c)), 303);
  return notSent(c, { kind: 'staff', signIn: staffSignIn(pageSentFrom(c)), typed: await readTexts(c) });
}

/** That the form was on: not every one is sent to a page that can be asked for. */
function pageSentFrom(c: Context): string {
  const home = homeOf(c.req.param('org') ?? '');
  const from = URL.parse(c.req.header('Referer') ?? '');
  return (from && wayBack(home, `${from.pathname}${from.search}`)) ?? home;
}

async function notSent(c: Context, given: NotSent): Promise<Response> {
  const words = wordsAsked(c);
  c.header('Cache-Control', 'no-store');
  sayLanguage(c, words);
  return c.html(await notSentPage(words, given), 401);
}
