/**
 * The pages by which people sign in and out. Of better-auth's own routes none is mounted: what is not here cannot be
 * reached. Forms carry no token of ours: cookies are SameSite=Lax, and the server lets in forms of its own origin alone.
 */
import { Hono } from 'hono';
import { memberRoutes } from './member-routes.ts';
import type { RouteOptions } from './page-answers.ts';
import { passwordRoutes } from './password-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { staffSignInRoutes } from './staff-sign-in-routes.ts';
import { tryOutRoutes } from './try-out-routes.ts';

/** To be mounted at `/`. */
export function authRoutes(options: RouteOptions): Hono {
  const routes = new Hono();
  for (const path of ['/auth/*', '/organisations'])
    routes.use(path, async (c, next) => {
      await next();
      c.header('Cache-Control', 'no-store');
    });
  routes.route('/auth/staff', staffSignInRoutes(options));
  routes.route('/auth/staff', passwordRoutes(options));
  routes.route('/auth/members', memberRoutes(options));
  routes.route('/', tryOutRoutes(options));
  routes.route('/', sessionRoutes(options));
  return routes;
}
