/** The pages of releases: what was sealed, the link to fetch it, the countersignature, the evidence. */
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { countersignSupply } from '../../app/flow/countersign-supply.ts';
import { fetchDownload } from '../../app/flow/fetch-download.ts';
import { listReleases } from '../../app/flow/list-releases.ts';
import { makeDownload } from '../../app/flow/make-download.ts';
import { listEvidence, readEvidence } from '../../app/flow/read-evidence.ts';
import type { Refused } from '../../app/flow/service.ts';
import { showRelease } from '../../app/flow/show-release.ts';
import { evidenceBody, type ReleaseShown, releaseBody, releasesBody } from '../../pages/flow/releases.ts';
import { deltaPart } from '../../pages/window/passed-on.ts';
import { english } from '../../words/words.ts';
import { fileResponse } from '../api/render.ts';
import { places } from '../places.ts';
import type { FileAnswer } from '../route.ts';
import { madeBy } from '../subject.ts';
import { pageAsked } from './page-asked.ts';
import { ask, fieldsOf, may, type PagesParts, type Seat, seated, seen, sendOn, show } from './seat.ts';

export function releasePages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org';
  routes.get(`${at}/releases`, seated(parts, list));
  routes.get(
    `${at}/releases/:release`,
    seated(parts, (seat) => one(seat, idOf(seat.c), null, null)),
  );
  routes.get(`${at}/releases/:release/evidence`, seated(parts, evidence));
  routes.get(`${at}/releases/:release/evidence/:file{.+}`, seated(parts, evidenceFile));
  routes.post(`${at}/supplies/:supply/downloads`, seated(parts, makeLink));
  routes.post(`${at}/downloads`, seated(parts, fetch));
  routes.post(`${at}/supplies/:supply/countersignature`, seated(parts, countersign));
  return routes;
}

const idOf = (c: Context): string => c.req.param('release') ?? '';
const supplyOf = (c: Context): string => c.req.param('supply') ?? '';

async function list(seat: Seat): Promise<Response> {
  const releases = await seen(seat, 'list-releases', null, () =>
    listReleases(seat.service, seat.actor, pageAsked(seat)),
  );
  return show(seat, { title: 'Releases', body: releasesBody(seat.home, releases) });
}

async function one(
  seat: Seat,
  id: string,
  made: ReleaseShown['made'],
  refused: Refused | null,
): Promise<Response> {
  const { service, actor, home } = seat;
  const release = await seen(seat, 'show-release', id, () => showRelease(service, actor, { release: id }));
  const party = actor.kind === 'member' ? null : actor.party;
  const body = releaseBody({ home, release, party, mayReadEvidence: may(seat, 'read-evidence'), made });
  const more = may(seat, 'make-delta') ? deltaPart(english, home, id) : '';
  return show(seat, { title: release.id, body: html`${body}${more}`, refused });
}

/** The code is shown in the answer itself, and nowhere again. */
async function makeLink(seat: Seat): Promise<Response> {
  const { c, service, actor } = seat;
  const supply = supplyOf(c);
  const { release = '' } = await fieldsOf(c);
  const answer = await ask(seat, 'make-download', supply, () => makeDownload(service, actor, { supply }));
  return answer.kind === 'refused'
    ? one(seat, release, null, answer)
    : one(seat, release, answer.value, null);
}

async function fetch(seat: Seat): Promise<Response> {
  const { code = '' } = await fieldsOf(seat.c);
  const file = await seen(seat, 'fetch-download', madeBy(places['fetch-download']), () =>
    fetchDownload(seat.service, seat.actor, { code }),
  );
  return fileResponse(seat.c.req.raw, file as FileAnswer);
}

async function countersign(seat: Seat): Promise<Response> {
  const { c, service, actor } = seat;
  const supply = supplyOf(c);
  const { note = '', release = '' } = await fieldsOf(c);
  const answer = await ask(seat, 'countersign-supply', supply, () =>
    countersignSupply(service, actor, { supply, note }),
  );
  return answer.kind === 'refused'
    ? one(seat, release, null, answer)
    : sendOn(seat, `/releases/${encodeURIComponent(answer.value.release)}`, 'countersigned');
}

async function evidence(seat: Seat): Promise<Response> {
  const release = idOf(seat.c);
  const { items } = await seen(seat, 'read-evidence', release, () =>
    listEvidence(seat.service, seat.actor, { release }),
  );
  return show(seat, { title: `Evidence of ${release}`, body: evidenceBody(seat.home, release, items) });
}

async function evidenceFile(seat: Seat): Promise<Response> {
  const asked = { release: idOf(seat.c), file: seat.c.req.param('file') ?? '' };
  const file = await seen(seat, 'read-evidence', `${asked.release}/${asked.file}`, () =>
    readEvidence(seat.service, seat.actor, asked),
  );
  return fileResponse(seat.c.req.raw, file as FileAnswer);
}
