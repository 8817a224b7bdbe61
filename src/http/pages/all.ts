/** All pages of the flow. */
import { Hono } from 'hono';
import { askPages } from './ask-pages.ts';
import { casePages } from './case-pages.ts';
import { checkPages } from './check-pages.ts';
import { deskAskPages } from './desk-ask-pages.ts';
import { deskCasePages } from './desk-case-pages.ts';
import { deskLetterPages } from './desk-letter-pages.ts';
import { deskPages } from './desk-pages.ts';
import { deskPersonPages } from './desk-person-pages.ts';
import { deskUnmatchedPages } from './desk-unmatched-pages.ts';
import { deskUnresolvedPages } from './desk-unresolved-pages.ts';
import { detailsPages } from './details-pages.ts';
import { documentPages } from './document-pages.ts';
import { dutyPages } from './duty-pages.ts';
import { inboxPages } from './inbox-pages.ts';
import { partyPages } from './party-pages.ts';
import { passedOnPages } from './passed-on-pages.ts';
import { peoplePages } from './people-pages.ts';
import { receiptPages } from './receipt-pages.ts';
import { releasePages } from './release-pages.ts';
import { requestPages } from './request-pages.ts';
import { sayPages } from './say-pages.ts';
import type { PagesParts } from './seat.ts';

export function flowPages(parts: PagesParts): Hono {
  const routes = new Hono();
  for (const pages of [
    inboxPages,
    detailsPages,
    sayPages,
    askPages,
    casePages,
    deskPages,
    deskPersonPages,
    deskAskPages,
    deskUnmatchedPages,
    deskLetterPages,
    deskUnresolvedPages,
    deskCasePages,
    requestPages,
    checkPages,
    releasePages,
    receiptPages,
    dutyPages,
    passedOnPages,
    partyPages,
    documentPages,
    peoplePages,
  ])
    routes.route('/', pages(parts));
  return routes;
}
