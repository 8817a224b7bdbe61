/** Files for everybody: the stylesheet, and the published logs. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { isPutBack } from '../app/flow/is-put-back.ts';
import { readPublished } from '../app/flow/read-published.ts';
import type { Service } from '../app/flow/service.ts';
import { isKnown } from './api/preconditions.ts';
import { HttpProblem } from './problems.ts';
import type { Seen } from './seen.ts';

export function staticRoutes(service: Pick<Service, 'data' | 'state'>): Hono<Seen> {
  const app = new Hono<Seen>();
  const style = readFileSync(new URL('../pages/astold.css', import.meta.url));
  const styleTag = `"${createHash('sha256').update(style).digest('base64url').slice(0, 22)}"`;
  app.get('/assets/astold.css', (c) => {
    const headers = { ETag: styleTag, 'Cache-Control': 'public, max-age=300' };
    if (isKnown(c.req.raw, styleTag)) return c.body(null, 304, headers);
    return c.body(style, 200, { ...headers, 'Content-Type': 'text/css; charset=utf-8' });
  });
  app.get('/log/:org/:path{.+}', async (c) => {
    const org = c.req.param('org');
    const published = await readPublished(service.data, org, c.req.param('path'));
    if (published === null)
      throw new HttpProblem({ code: 'route-unknown', detail: 'no such file is published' });
    const { bytes, fixed } = published;
    // What a backup brought is shown to nobody as the newest, least of all to who asks what that was.
    if (!fixed && (await isPutBack(service, org)))
      throw new HttpProblem({
        code: 'log-behind',
        detail: 'the log was put back from a backup, and more may have been published since',
      });
    return c.body(new Uint8Array(bytes), 200, {
      'Content-Type': fixed ? 'application/octet-stream' : 'text/plain; charset=utf-8',
      'Cache-Control': fixed ? 'public, max-age=31536000, immutable' : 'public, max-age=5',
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
  });
  return app;
}
