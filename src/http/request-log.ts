/** One line for each request, and its figures. Of who asks it says no more than their kind; never what was asked. */
import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Logger } from 'pino';
import type { Figures } from './figures.ts';
import { safeError } from './problem-of-error.ts';
import type { Seen } from './seen.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export function requestLog(log: Logger, figures: Figures): MiddlewareHandler<Seen> {
  return async (c, next) => {
    const started = performance.now();
    // Never one that was sent: it would be logged.
    c.set('requestId', randomUUID());
    await next();
    c.res.headers.set('X-Request-Id', c.get('requestId'));
    const ms = Math.round(performance.now() - started);
    const method = methods.includes(c.req.method) ? c.req.method : 'other';
    const route = matchedRoutes(c).findLast((matched) => matched.method !== 'ALL')?.path ?? 'none';
    const { status } = c.res;
    figures.answered(method, route, status, ms / 1000);
    const actor = c.get('actor');
    const line = { request: c.get('requestId'), method, route, status, ms, org: actor?.org, by: actor?.kind };
    const fault = c.get('fault');
    if (fault === undefined) log.info(line);
    else log.error({ ...line, fault: safeError(fault) });
  };
}
