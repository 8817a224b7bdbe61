/** The server as a function of requests: what every request goes through, then the API, the pages and the rest. */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { addressOf } from './address.ts';
import { type ApiParts, apiRoutes } from './api/api.ts';
import { describedRoutes } from './api/described.ts';
import { largestBody } from './api/read-body.ts';
import { failHandler, missHandler, type ReaderOf } from './fail.ts';
import { safeHeaders } from './headers.ts';
import { type HealthParts, healthRoutes } from './health.ts';
import { requestLog } from './request-log.ts';
import type { Seen } from './seen.ts';
import { staticRoutes } from './static.ts';

export type AppParts = ApiParts &
  HealthParts & {
    /** How many proxies stand before it. */
    readonly proxies: number;
    /** Each is mounted at the root: signing in, then the pages of the flow. */
    readonly pages: readonly Hono[];
    /** Without it, nobody is known to a page that says what went wrong. */
    readonly readerOf?: ReaderOf;
  };

export function createApp(parts: AppParts): Hono<Seen> {
  const { service, rate, figures, proxies } = parts;
  const { url } = service;
  const app = new Hono<Seen>();
  app.onError(failHandler(url, parts.readerOf));
  app.notFound(missHandler(app, url, parts.readerOf));
  app.use(requestLog(service.log, figures));
  app.use(safeHeaders(url));
  // Who looks after the server is not turned away.
  app.route('/', healthRoutes(parts));
  const address = addressOf(proxies);
  app.use(async (c, next) => {
    await rate.ofAddress(address(c));
    await next();
  });
  app.route('/', staticRoutes(service));
  app.route('/', describedRoutes(url, parts.routes));
  app.route('/', apiRoutes(parts));
  // A form is sent from the service's own pages, and is no larger than what people type.
  const guards = [csrf({ origin: url }), bodyLimit({ maxSize: largestBody })];
  for (const guard of guards)
    app.use(async (c, next) => (c.req.path.startsWith('/api/') ? next() : guard(c, next)));
  for (const pages of parts.pages) app.route('/', pages);
  return app;
}
