/** What could not be answered: a problem to programs, a page to people. */
import type { Context, ErrorHandler, Hono, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { SayError } from '../app/window/said-in-part.ts';
import type { Html } from '../pages/frame.ts';
import { problemPage, type Reader } from '../pages/problem.ts';
import { english, type Words } from '../words/words.ts';
import { wordsAsked } from './language.ts';
import { problemOfError } from './problem-of-error.ts';
import { HttpProblem, type Problem, problemKinds, problemResponse } from './problems.ts';
import { readerByCookie } from './reader.ts';
import type { Seen } from './seen.ts';
import { windowFailed } from './window-failed.ts';

/** Asked of a page alone, and of what is no fault of the server's. Where nobody tells, nobody is known. */
export type ReaderOf = (request: Request) => Promise<Reader>;

export function failHandler(url: string, readerOf?: ReaderOf): ErrorHandler<Seen> {
  return async (error, c) => {
    const problem = ofFramework(error) ?? problemOfError(error);
    if (problem.code === 'internal' || problemKinds[problem.code].status >= 500)
      c.set('fault', faultOf(error));
    const page = wantsPage(c) ? await windowFailed(c, error, problem) : null;
    if (page === null) return answer(c, problem, url, readerOf);
    const response = problemResponse(problem, url, c.get('requestId'));
    response.headers.set('Vary', 'Accept-Language');
    return pageWith(page, response, wordsAsked(c));
  };
}

/** What came in between, of what was said in parts. */
const faultOf = (error: unknown): unknown => (error instanceof SayError ? faultOf(error.cause) : error);

/** Nothing is at this path, or nothing that this method does. */
export function missHandler(app: Hono<Seen>, url: string, readerOf?: ReaderOf): NotFoundHandler<Seen> {
  return (c) => {
    const { method, path } = c.req;
    const allowed = ['GET', 'POST', 'PUT', 'DELETE'].filter((each) => isServed(app, each, path));
    if (allowed.length === 0 || allowed.includes(method))
      return answer(c, { code: 'route-unknown', detail: nothingThere(c) }, url, readerOf);
    const allow = allowed.includes('GET') ? ['HEAD', ...allowed] : allowed;
    const detail = `expected ${allow.join(', ')}`;
    const problem = { code: 'method-not-allowed', detail, allow: allow.join(', ') } as const;
    return answer(c, problem, url, readerOf);
  };
}

const nothingThere = (c: Context<Seen>): string =>
  wantsPage(c)
    ? 'the address may be mistyped, or what was there is gone; this may be what you look for'
    : 'see /api for what there is';

/** By a route of its own, not only by what every request goes through. */
function isServed(app: Hono<Seen>, method: string, path: string): boolean {
  return app.router.match(method, path)[0].some(([[, matched]]) => matched.method !== 'ALL');
}

async function answer(
  c: Context<Seen>,
  problem: Problem,
  url: string,
  readerOf: ReaderOf | undefined,
): Promise<Response> {
  const response = problemResponse(problem, url, c.get('requestId'));
  if (!wantsPage(c)) return response;
  const { title } = problemKinds[problem.code];
  const nobody = { kind: 'nobody' } as const;
  // Where too much is asked, or the database is away, nothing more is.
  const mayAsk = response.status < 500 && response.status !== 429;
  const reader = mayAsk ? ((await readerOf?.(c.req.raw)) ?? nobody) : readerByCookie(c.req.raw);
  const page = problemPage({ title, detail: problem.detail, request: c.get('requestId'), reader });
  return pageWith(page, response, english);
}

const wantsPage = (c: Context<Seen>): boolean =>
  (c.req.header('Accept') ?? '').includes('text/html') && !c.req.path.startsWith('/api/');

async function pageWith(page: Html, { status, headers }: Response, { language }: Words): Promise<Response> {
  headers.set('Content-Type', 'text/html; charset=utf-8');
  headers.set('Content-Language', language);
  return new Response(String(await page), { status, headers });
}

/** What hono's own parts throw. */
function ofFramework(error: unknown): Problem | null {
  if (error instanceof HttpProblem || !(error instanceof HTTPException)) return null;
  if (error.status === 403) return { code: 'cross-origin', detail: 'the form was sent from another site' };
  if (error.status === 413) return { code: 'body-too-large', detail: 'less is read here' };
  if (error.status < 500) return { code: 'input-invalid', detail: 'nothing was changed' };
  return null;
}
