/** The first page of an organisation: what waits for whoever looks. */
import { Hono } from 'hono';
import type { Page } from '../../app/flow/cursor.ts';
import { listDuties } from '../../app/flow/list-duties.ts';
import { listFreezes } from '../../app/flow/list-freezes.ts';
import { listReleases } from '../../app/flow/list-releases.ts';
import { listRequests } from '../../app/flow/list-requests.ts';
import { ownParty } from '../../app/flow/own-party.ts';
import type { RequestView } from '../../app/flow/request-view.ts';
import { type Answer, done } from '../../app/flow/service.ts';
import { showRelease } from '../../app/flow/show-release.ts';
import { listCases } from '../../app/window/list-cases.ts';
import { listUnresolved, type Unresolved } from '../../app/window/list-unresolved.ts';
import { passedOnWaiting, type SomeWait } from '../../app/window/passed-on-waiting.ts';
import { type Untold, whyUntold } from '../../app/window/why-untold.ts';
import { type Inbox, inboxBody, type Waits } from '../../pages/flow/inbox.ts';
import { number as counts } from '../../policy/figures.ts';
import { english } from '../../words/words.ts';
import { memberPage } from './details-pages.ts';
import { may, type PagesParts, type Seat, seatedAsEither, seen, show } from './seat.ts';

export function inboxPages(parts: PagesParts): Hono {
  const routes = new Hono();
  routes.get(
    '/organisations/:org',
    seatedAsEither(parts, (seat) => (seat.actor.kind === 'member' ? memberPage(seat) : inbox(seat))),
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
    ofPeople: await waitingOfPeople(seat),
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

const many = { limit: 200 };
const { inbox: words } = english.desk;

/** What people said and asked for, by who acts on it. */
async function waitingOfPeople(seat: Seat): Promise<readonly Waits[]> {
  const { service, actor } = seat;
  const found: Waits[] = [];
  const add = (what: string, path: string, { number, overdue, first }: SomeWait): void => {
    if (number > 0) found.push({ what, path, first, number: counts(number), overdue: overdue > 0 });
  };
  const answers = may(seat, 'acknowledge-passed-on');
  const oversees = may(seat, 'terminate-agreement');
  if (answers || oversees) {
    const waiting = await seen(seat, 'list-passed-on', null, () => passedOnWaiting(service, actor));
    if (answers) add(words.passedOn, '/passed-on', waiting.open);
    // Some may be refused by law: no day says by when somebody has spoken with whoever refuses.
    if (oversees) add(words.refused, '/passed-on/refused', { ...waiting.refused, first: null, overdue: 0 });
    if (oversees) add(words.silent, '/passed-on/silent', waiting.silent);
  }
  if (may(seat, 'answer-case')) {
    const asked = { ...many, state: 'open' } as const;
    const cases = await seen(seat, 'list-cases', null, () => listCases(service, actor, asked));
    const due = cases.items.map((each) => ({ on: each.due.on, overdue: each.due.overdue }));
    found.push(...waitsOf(words.cases, '/desk/cases', due, cases.next));
  }
  if (may(seat, 'resolve-event')) found.push(...(await lettersWaiting(seat)));
  return found;
}

/** Whom a letter may be of only the documents, the log and the sources tell: where one is away the inbox says so, and what else waits. */
async function lettersWaiting(seat: Seat): Promise<readonly Waits[]> {
  const { service, actor } = seat;
  const letters = await seen<Page<Unresolved> | Untold>(seat, 'list-unresolved', null, () =>
    listUnresolved(service, actor, many).catch(untold),
  );
  if (letters === 'documents' || letters === 'away') {
    const [path, number] =
      letters === 'documents' ? ['/documents', words.untold] : ['/desk/unresolved', words.untoldNow];
    return [{ what: words.letters, path, number, first: null, overdue: false }];
  }
  const due = letters.items.map((each) => ({ on: each.due, overdue: each.overdue }));
  return waitsOf(words.letters, '/desk/unresolved', due, letters.next);
}

function untold(error: unknown): Answer<Untold> {
  const why = whyUntold(error);
  if (why !== null) return done(why);
  throw error;
}

/** Of a list whose first are those that are overdue. */
function waitsOf(
  what: string,
  path: string,
  due: readonly { readonly on: string | null; readonly overdue: boolean }[],
  next: string | null,
): readonly Waits[] {
  if (due.length === 0) return [];
  const [first = null] = due.flatMap(({ on }) => on ?? []).sort();
  const number = next === null ? counts(due.length) : words.more(due.length);
  return [{ what, path, number, first, overdue: due.some(({ overdue }) => overdue) }];
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
