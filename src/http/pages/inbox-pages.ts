/** The first page of an organisation: what waits for whoever looks. */
import { Hono } from 'hono';
import { listDuties } from '../../app/flow/list-duties.ts';
import { listFreezes } from '../../app/flow/list-freezes.ts';
import { listReleases } from '../../app/flow/list-releases.ts';
import { listRequests } from '../../app/flow/list-requests.ts';
import { ownParty } from '../../app/flow/own-party.ts';
import type { RequestView } from '../../app/flow/request-view.ts';
import { showRelease } from '../../app/flow/show-release.ts';
import { type Inbox, inboxBody } from '../../pages/flow/inbox.ts';
import { memberPage } from './details-pages.ts';
import { may, type PagesParts, type Seat, seated, seen, show } from './seat.ts';

export function inboxPages(parts: PagesParts): Hono {
  const routes = new Hono();
  routes.get(
    '/organisations/:org',
    seated(parts, (seat) => (seat.actor.kind === 'member' ? memberPage(seat) : inbox(seat))),
  );
  return routes;
}

const most = { limit: 50 };

async function inbox(seat: Seat): Promise<Response> {
  const { service, actor, home } = seat;
  const party = ownParty(actor);
  const duties = await seen(seat, 'list-duties', null, () =>
    listDuties(service, actor, { ...most, state: party === null ? 'overdue' : 'open' }),
  );
  const freezes = await seen(seat, 'list-freezes', null, () => listFreezes(service, actor, most));
  const body = inboxBody({
    home,
    waiting: await waitingFor(seat),
    toFetch: party === null ? null : await toFetch(seat),
    duties: duties.items,
    dutiesAre: party === null ? 'owed-to-us' : 'owed-by-us',
    frozen: freezes.items.filter(({ lifted }) => lifted === null).length,
  });
  return show(seat, { title: 'Inbox', body });
}

/** By what somebody may do: who may do none of it sees how things stand. */
async function waitingFor(seat: Seat): Promise<Inbox['waiting']> {
  const { service, actor } = seat;
  const inState = async (state: RequestView['state']): Promise<readonly RequestView[]> =>
    (await seen(seat, 'list-requests', null, () => listRequests(service, actor, { ...most, state }))).items;
  const lists: { what: string; requests: readonly RequestView[] }[] = [];
  if (may(seat, 'approve-request')) lists.push({ what: 'To be decided', requests: await inState('OFFERED') });
  if (may(seat, 'check-request')) lists.push({ what: 'To be checked', requests: await inState('REQUESTED') });
  if (may(seat, 'release-request')) lists.push({ what: 'To be released', requests: await inState('AGREED') });
  return lists;
}

/** Of the latest releases those with a supply that nobody fetched. */
async function toFetch(seat: Seat): Promise<Inbox['toFetch']> {
  const { service, actor } = seat;
  const releases = await seen(seat, 'list-releases', null, () => listReleases(service, actor, { limit: 20 }));
  const waiting = [];
  for (const release of releases.items) {
    const { supplies } = await seen(seat, 'show-release', release.id, () =>
      showRelease(service, actor, { release: release.id }),
    );
    if (supplies.some(({ fetchedAt }) => fetchedAt === null)) waiting.push(release);
  }
  return waiting;
}
