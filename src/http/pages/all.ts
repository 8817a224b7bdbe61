/** All pages of the flow. */
import { Hono } from 'hono';
import { checkPages } from './check-pages.ts';
import { documentPages } from './document-pages.ts';
import { dutyPages } from './duty-pages.ts';
import { inboxPages } from './inbox-pages.ts';
import { memberPages } from './member-pages.ts';
import { peoplePages } from './people-pages.ts';
import { releasePages } from './release-pages.ts';
import { requestPages } from './request-pages.ts';
import type { PagesParts } from './seat.ts';

export function flowPages(parts: PagesParts): Hono {
  const routes = new Hono();
  for (const pages of [
    inboxPages,
    memberPages,
    requestPages,
    checkPages,
    releasePages,
    dutyPages,
    documentPages,
    peoplePages,
  ])
    routes.route('/', pages(parts));
  return routes;
}
