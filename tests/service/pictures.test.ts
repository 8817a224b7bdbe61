/** Every page has its picture: `npm run screenshots` takes them as the journeys of the browser pass, and none is left out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flowPages } from '../../src/http/pages/all.ts';
import { publicPages } from '../../src/http/pages/public-pages.ts';
import type { PagesParts } from '../../src/http/pages/seat.ts';

/** By the route, below the organisation where it is of one. Null: a file, no page. */
const pictures: Readonly<Record<string, string | null>> = {
  '/': 'start',
  '/letter': 'letter-form',
  '/letter/notice': 'letter-notice',
  '/letter/stop': 'letter-stopped',
  '/check': 'check',
  ':org': 'details',
  ':org/details/lists/:release': 'details-list',
  ':org/details/told': 'details-told',
  ':org/details/told/:notice': 'details-notice',
  ':org/details/held': 'details-held',
  ':org/details/said': 'details-said-by-letter',
  ':org/prove': 'details-prove',
  ':org/prove/:release': 'details-proof',
  ':org/prove/:release/proof.json': null,
  ':org/prove/:release/manifest.json': null,
  ':org/say': 'say',
  ':org/say/stop': 'say-stop',
  ':org/say/stop-one': 'say-stop-one',
  ':org/say/stop-one/:part': 'say-stop-one-fault',
  ':org/say/withdraw': 'say-withdraw',
  ':org/say/allow': 'say-allow',
  ':org/say/done/:what': 'say-stopped',
  ':org/say/correct': 'say-correct',
  ':org/say/erase': 'say-erase',
  ':org/say/copy': 'say-copy',
  ':org/say/complain': 'say-complain',
  ':org/say/safe': 'say-safe',
  ':org/cases': 'cases',
  ':org/cases/:case': 'case',
  ':org/copy/:form': null,
  ':org/answers': 'answers',
  ':org/receipts/:receipt': 'receipt',
  ':org/receipts/:file{.+\\.json}': null,
  ':org/desk': 'desk',
  ':org/desk/find': 'desk-find',
  ':org/desk/cases': 'desk-cases',
  ':org/desk/cases/:case': 'desk-case',
  ':org/desk/ended': 'desk-ended',
  ':org/desk/unresolved': 'desk-unresolved-all',
  ':org/desk/unresolved/:event': 'desk-unresolved',
  ':org/desk/unresolved/:event/recorded': 'desk-resolved',
  ':org/desk/look-ups': 'desk-look-ups',
  ':org/desk/letter': 'desk-letter',
  ':org/desk/letter/recorded': 'desk-letter-recorded',
  ':org/desk/looked/:lookUp/ask': 'desk-unmatched',
  ':org/desk/found/:lookUp/:number': 'desk-person',
  ':org/desk/found/:lookUp/:number/say': 'desk-kinds',
  ':org/desk/found/:lookUp/:number/recorded': 'desk-recorded',
  ':org/desk/found/:lookUp/:number/ask': 'desk-ask',
  ':org/requests': 'requests',
  ':org/requests/new': 'new-request',
  ':org/requests/:request': 'request',
  ':org/requests/:request/change': 'request-change',
  ':org/checks/:check': 'check-begun',
  ':org/checks/:check/report': 'report',
  '/assets/report.css': null,
  ':org/releases': 'releases',
  ':org/releases/:release': 'countersigned',
  ':org/releases/:release/evidence': 'evidence',
  ':org/releases/:release/evidence/:file{.+}': null,
  ':org/releases/:release/delta': null,
  ':org/duties': 'duties',
  ':org/freezes': 'freezes',
  ':org/passed-on': 'passed-on',
  ':org/passed-on/codes.csv': null,
  ':org/passed-on/of/:party': 'passed-on-party',
  ':org/passed-on/of/:party/codes.csv': null,
  ':org/passed-on/refused': 'passed-on-refused',
  ':org/passed-on/silent': 'passed-on-silent',
  ':org/documents': 'documents',
  ':org/documents/:path{.+}': 'document',
  ':org/people': 'people',
  ':org/deeds': 'deeds',
};

/** What they are made of is asked for by a request alone. */
const asked = (): readonly string[] =>
  [
    ...flowPages({} as PagesParts).routes,
    ...publicPages({} as Parameters<typeof publicPages>[0]).routes,
  ].flatMap(({ method, path }) => (method === 'GET' ? [path.replace('/organisations/:org', ':org')] : []));

test('every page that can be asked for is in the list of pictures, and nothing else', () => {
  expect([...new Set(asked())].sort()).toEqual(Object.keys(pictures).sort());
});

test('each picture is taken by a journey', () => {
  const journeys = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.browser.test.ts'))
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .join('\n');
  // The lists of pages are named by their paths.
  const named = (name: string): boolean => journeys.includes(`'${name}'`) || journeys.includes(`'/${name}'`);
  const missing = Object.values(pictures).filter((name) => name !== null && !named(name));
  expect(missing).toEqual([]);
});
