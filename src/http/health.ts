/** What looks after the server asks: is it there, can it do its work, what are its figures. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { Readiness } from '../app/flow/readiness.ts';
import type { Figures } from './figures.ts';
import type { WorkerSeen } from './hire-worker.ts';
import { HttpProblem } from './problems.ts';
import type { Seen } from './seen.ts';

export type HealthParts = {
  /**
   * `worker`: who does the jobs of this server. Without it the server answers all the same, and jobs wait. `mail`: where it
   * goes; to a folder means that nobody gets any.
   */
  readonly readiness: () => Promise<
    Readiness & { readonly worker?: WorkerSeen['standing']; readonly mail?: 'smtp' | 'folder' }
  >;
  readonly figures: Figures;
  /** Null: figures are given to nobody. */
  readonly metricsToken: string | null;
};

export function healthRoutes({ readiness, figures, metricsToken }: HealthParts): Hono<Seen> {
  const app = new Hono<Seen>();
  app.get('/healthz', (c) => c.json({ status: 'up' }, 200, noStore));
  app.get('/readyz', async (c) => {
    const found = await readiness();
    return c.json(found, found.ready ? 200 : 503, noStore);
  });
  if (metricsToken !== null)
    app.get('/metrics', async (c) => {
      if (!isSame(c.req.header('Authorization') ?? '', `Bearer ${metricsToken}`))
        throw new HttpProblem({ code: 'not-signed-in', detail: 'expected the token of the figures' });
      return c.text(await figures.text(), 200, { ...noStore, 'Content-Type': figures.contentType });
    });
  return app;
}

const noStore = { 'Cache-Control': 'no-store' };

/** Takes as long for a near miss as for any other. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
