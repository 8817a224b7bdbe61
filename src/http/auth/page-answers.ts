/** How the sign-in pages answer: with cookies of better-auth's, with a page, or by sending on. */
import { applySetCookies } from 'better-auth/cookies';
import type { Context } from 'hono';
import { z } from 'zod';
import type { Html } from '../../pages/frame.ts';
import { tooManyPage } from '../../pages/too-many.ts';
import type { Words } from '../../words/words.ts';
import { sayLanguage, wordsAsked } from '../language.ts';
import { readForm } from '../read-form.ts';
import { wayBack } from '../way-back.ts';
import type { Attempt } from './attempts.ts';
import { AuthError } from './auth-error.ts';
import type { Auths } from './auths.ts';

export type RouteOptions = {
  readonly auths: Auths;
  /** Of who asks, on the network: what tries are counted by. */
  addressOf(c: Context): string;
  /** The page of an organisation, where one is sent after signing in. */
  home(org: string): string;
};

/** What stands in a link that works once. */
export const linkToken = z.string().regex(/^[A-Za-z0-9_-]{20,64}$/);

/** better-auth's answer, or AuthError where it failed to give one. */
export async function answered(work: Promise<Response>): Promise<Response> {
  const answer = await work;
  if (answer.status < 500) return answer;
  throw new AuthError('sign-in-failed', `better-auth answered ${answer.status}`);
}

export function giveCookies(c: Context, answer: Response): void {
  for (const cookie of answer.headers.getSetCookie()) c.header('Set-Cookie', cookie, { append: true });
}

/** The headers of the request as its browser would send them after that answer. */
export function afterwards(headers: Headers, answer: Response): Headers {
  const next = new Headers(headers);
  applySetCookies(next, answer.headers.getSetCookie());
  return next;
}

/** Whoever signs in as one is no longer signed in as the other: two at once would be nobody. */
export async function endOther(c: Context, other: Auths['staff'] | Auths['members']): Promise<void> {
  giveCookies(c, await answered(other.api.signOut({ headers: c.req.raw.headers, asResponse: true })));
}

export async function fieldsOf(c: Context): Promise<Readonly<Record<string, unknown>>> {
  return await readForm(c, {});
}

export function tooMany(
  c: Context,
  { seconds }: Extract<Attempt, { kind: 'wait' }>,
): Response | Promise<Response> {
  c.header('Retry-After', String(seconds));
  return showAsked(c, (words) => tooManyPage(words, Math.ceil(seconds / 60)), 429);
}

type Status = 200 | 400 | 401 | 404 | 410 | 429;

export async function show(c: Context, shown: Html, status: Status): Promise<Response> {
  return c.html(await shown, status);
}

/** In the language that was asked for. */
export function showAsked(c: Context, page: (words: Words) => Html, status: Status): Promise<Response> {
  const words = wordsAsked(c);
  sayLanguage(c, words);
  return show(c, page(words), status);
}

/** To another page of ours, asked for with GET. */
export const sendOn = (c: Context, path: string): Response => c.redirect(path, 303);

/** Where whoever just signed in belongs: where they were going in an organisation of theirs, the one they have, or the choice. */
export function landing(
  { home }: RouteOptions,
  organisations: readonly { readonly org: string }[],
  to: string | null,
): string {
  const going = organisations.flatMap(({ org }) => wayBack(home(org), to) ?? []);
  if (going[0] !== undefined) return going[0];
  const [one, ...more] = organisations;
  return one !== undefined && more.length === 0 ? home(one.org) : '/organisations';
}
