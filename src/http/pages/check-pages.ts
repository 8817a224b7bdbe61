/** The pages of a check, and its whole report. */
import { Hono } from 'hono';
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import { showCheck } from '../../app/flow/show-check.ts';
import type { Outcome } from '../../app/gate/outcome.ts';
import { checkBody, isUnderWay } from '../../pages/flow/check.ts';
import { reportPage } from '../../pages/report.ts';
import { reportStyle } from '../../pages/report-style.ts';
import { HttpProblem } from '../problems.ts';
import { type PagesParts, type Seat, seated, seen, show } from './seat.ts';

const styleHref = '/assets/report.css';

export function checkPages(parts: PagesParts): Hono {
  const routes = new Hono();
  routes.get('/organisations/:org/checks/:check', seated(parts, one));
  routes.get('/organisations/:org/checks/:check/report', seated(parts, report));
  routes.get(styleHref, (c) =>
    c.body(reportStyle, 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': 'public, max-age=3600',
    }),
  );
  return routes;
}

const asked = (seat: Seat) => {
  const check = seat.c.req.param('check') ?? '';
  return seen(seat, 'show-check', check, () => showCheck(seat.service, seat.actor, { check }));
};

async function one(seat: Seat): Promise<Response> {
  const check = await asked(seat);
  if (isUnderWay(check)) seat.c.header('Refresh', `2; url=${seat.c.req.path}`);
  return show(seat, { title: 'Check', body: checkBody(seat.home, check) });
}

/** A party has none: what it may know is on the page of the check. */
async function report(seat: Seat): Promise<Response> {
  const { outcome } = await asked(seat);
  if (outcome === null)
    throw new HttpProblem({ code: 'not-found', detail: 'this check has no report for you' });
  const { notices } = await readWorkspace(seat.service, seat.actor.org);
  seat.c.header('Cache-Control', 'no-store');
  return seat.c.html(
    await reportPage(outcome as unknown as Outcome, notices, { kind: 'linked', href: styleHref }),
  );
}
