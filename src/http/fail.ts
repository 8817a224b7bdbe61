/** What could not be answered: a problem to programs, a page to people. */
import type { Context, ErrorHandler, Hono, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { problemPage } from '../pages/problem.ts';
import { problemOfError } from './problem-of-error.ts';
import { HttpProblem, type Problem, problemKinds, problemResponse } from './problems.ts';
import type { Seen } from './seen.ts';

export function failHandler(url: string): ErrorHandler<Seen> {
  return (error, c) => {
    const problem = ofFramework(error) ?? problemOfError(error);
    if (problem.code === 'internal' || problemKinds[problem.code].status >= 500) c.set('fault', error);
    return answer(c, problem, url);
  };
}

/** Nothing is at this path, or nothing that this method does. */
export function missHandler(app: Hono<Seen>, url: string): NotFoundHandler<Seen> {
  return (c) => {
    const { method, path } = c.req;
    const allowed = ['GET', 'POST', 'PUT', 'DELETE'].filter((each) => isServed(app, each, path));
    if (allowed.length === 0 || allowed.includes(method))
      return answer(c, { code: 'route-unknown', detail: 'see /api for what there is' }, url);
    const allow = allowed.includes('GET') ? ['HEAD', ...allowed] : allowed;
    const detail = `expected ${allow.join(', ')}`;
    return answer(c, { code: 'method-not-allowed', detail, allow: allow.join(', ') }, url);
  };
}

/** By a route of its own, not only by what every request goes through. */
function isServed(app: Hono<Seen>, method: string, path: string): boolean {
  return app.router.match(method, path)[0].some(([[, matched]]) => matched.method !== 'ALL');
}

function answer(c: Context<Seen>, problem: Problem, url: string): Response | Promise<Response> {
  const response = problemResponse(problem, url, c.get('requestId'));
  const wantsPage = (c.req.header('Accept') ?? '').includes('text/html') && !c.req.path.startsWith('/api/');
  if (!wantsPage) return response;
  const { title } = problemKinds[problem.code];
  const page = problemPage({ title, detail: problem.detail, request: c.get('requestId') });
  return pageWith(page, response);
}

async function pageWith(
  page: ReturnType<typeof problemPage>,
  { status, headers }: Response,
): Promise<Response> {
  headers.set('Content-Type', 'text/html; charset=utf-8');
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
