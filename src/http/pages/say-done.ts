/** The page that says what was done, once there is a receipt of it or it stands so. */
import { done } from '../../app/flow/service.ts';
import { isOwnSafe } from '../../app/window/safe-contact.ts';
import type { SaidItem } from '../../app/window/said-of.ts';
import { showDetails } from '../../app/window/show-details.ts';
import { storedEvents } from '../../app/window/stored-events.ts';
import { passedOnBy } from '../../app/window/write-passed-on.ts';
import { saidText } from '../../pages/window/held-and-said.ts';
import { type DoneKind, doneBody, type ReceiptOf } from '../../pages/window/say.ts';
import { receiptsAsked } from './receipts-asked.ts';
import { nothing } from './say-own.ts';
import { type Seat, seen } from './seat.ts';
import { type MemberSeat, placeOf, showWords, wordsOf } from './window-seat.ts';

/** To the page that says what was done, with the receipts of it. */
export const sendDone = ({ c, home }: Seat, what: DoneKind, events: readonly string[]): Response =>
  c.redirect(`${home}/say/done/${what}${events.length === 0 ? '' : `?receipts=${events.join(',')}`}`, 303);

export async function doneWhat(seat: MemberSeat): Promise<Response> {
  const place = placeOf(seat);
  const what = seat.c.req.param('what') ?? '';
  if (!Object.hasOwn(place.words.done, what) || !isDone(what)) throw nothing();
  const receipts = what === 'safe' || what === 'unsafe' ? [] : await receiptsOf(seat, what);
  if (!(await isSo(seat, what, receipts))) return seat.c.redirect(`${seat.home}/say`, 303);
  const by = passedOnBy(seat.service, await saidAt(seat, receipts));
  return showWords(seat, {
    title: place.words.done[what][0],
    body: doneBody(place, what, { receipts, by }),
  });
}

/** What each page can say was done, by what its receipts are of: the first must be among them, the others may. */
const saidFor: Readonly<Record<Exclude<DoneKind, 'safe' | 'unsafe'>, readonly SaidItem['kind'][]>> = {
  stopped: ['objection'],
  withdrawn: ['withdrawal'],
  lifted: ['lift'],
  allowed: ['consent', 'lift'],
};

/**
 * Those asked for that are theirs, and of what the page says; none where not all of it was said. Each with what it is of: two
 * receipts with the same words are not to be told apart.
 */
async function receiptsOf(seat: MemberSeat, what: keyof typeof saidFor): Promise<readonly ReceiptOf[]> {
  const events = new Set(receiptsAsked(seat));
  if (events.size === 0) return [];
  const { said, records } = await seen(seat, 'show-details', null, () =>
    showDetails(seat.service, seat.actor, { part: 'said' }),
  );
  const [first, ...others] = saidFor[what];
  const found = [...events].flatMap(
    (event) =>
      said?.items.find(
        ({ where, kind, ...each }) =>
          where === 'here' && each.event === event && (kind === first || others.includes(kind)),
      ) ?? [],
  );
  if (!found.some(({ kind }) => kind === first)) return [];
  const words = wordsOf(seat).details;
  return found.map((item) => ({ event: item.event ?? '', what: saidText(words, item, records) }));
}

/** When the last of it was recorded: the page that is loaded again says the same day. */
async function saidAt({ service, actor }: MemberSeat, receipts: readonly ReceiptOf[]): Promise<Date> {
  const events = receipts.map(({ event }) => event);
  const stored = events.length === 0 ? [] : await storedEvents(service, actor.org, events);
  const last = stored
    .map(({ logged }) => logged)
    .toSorted()
    .at(-1);
  return last === undefined ? service.now() : new Date(last);
}

/** Nothing is said to be done because somebody opens its page: there is a receipt of theirs, or it stands so. */
async function isSo(seat: MemberSeat, what: DoneKind, receipts: readonly ReceiptOf[]): Promise<boolean> {
  if (what !== 'safe' && what !== 'unsafe') return receipts.length > 0;
  const { service, actor } = seat;
  const safe = await seen(seat, 'show-details', null, async () => done(await isOwnSafe(service, actor)));
  return safe === (what === 'safe');
}

const isDone = (what: string): what is DoneKind =>
  ['stopped', 'withdrawn', 'lifted', 'allowed', 'safe', 'unsafe'].includes(what);
