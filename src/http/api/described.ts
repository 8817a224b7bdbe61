/** The API described: for programs, and as plain pages for people. */
import { Hono } from 'hono';
import { apiPage } from '../../pages/api.ts';
import { problemsPage } from '../../pages/problem.ts';
import type { PlaceName } from '../places.ts';
import { HttpProblem, problemKinds } from '../problems.ts';
import type { Route } from '../route.ts';
import type { Seen } from '../seen.ts';
import { describeApi } from './describe.ts';
import { describedPage } from './described-page.ts';

export function describedRoutes(url: string, routes: Readonly<Record<PlaceName, Route>>): Hono<Seen> {
  const app = new Hono<Seen>();
  const description = describeApi(url, routes);
  const json = JSON.stringify(description);
  const kinds = Object.entries(problemKinds).map(([code, kind]) => ({ code, ...kind }));
  app.get('/api', (c) => c.html(apiPage(describedPage(description)), 200, cached));
  app.get('/api/openapi.json', (c) => c.body(json, 200, { ...cached, 'Content-Type': 'application/json' }));
  app.get('/problems', (c) => c.html(problemsPage(kinds), 200, cached));
  app.get('/problems/:code', (c) => {
    const known = kinds.filter(({ code }) => code === c.req.param('code'));
    if (known.length === 0) throw new HttpProblem({ code: 'not-found', detail: 'there is no such problem' });
    return c.html(problemsPage(known), 200, cached);
  });
  return app;
}

const cached = { 'Cache-Control': 'public, max-age=300' };
