/** The pages on which a member says something that holds at once: stops, a yes taken back, a stop taken back. */
import { Hono } from 'hono';
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import { type Answer, done } from '../../app/flow/service.ts';
import { ownNames } from '../../app/window/own-names.ts';
import { recordOwn, type SaidOfOwn } from '../../app/window/record-own.ts';
import { isOwnSafe } from '../../app/window/safe-contact.ts';
import type { SaidItem } from '../../app/window/said-of.ts';
import { sayOfAll } from '../../app/window/say-of-all.ts';
import { showDetails } from '../../app/window/show-details.ts';
import { atomsOf, type Standing, scopeIn, standingOf } from '../../app/window/standing.ts';
import { stopEverything } from '../../app/window/stop-everything.ts';
import { passedOnBy } from '../../app/window/write-passed-on.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import { saidText } from '../../pages/window/held-and-said.ts';
import { type DoneKind, doneBody, type ReceiptOf, sayBody, stopBody } from '../../pages/window/say.ts';
import {
  allowBody,
  liftCheckBody,
  type NameOf,
  type Numbered,
  type NumberedStop,
  type StopPart,
  stopGoneBody,
  stopOneBody,
  stopPartBody,
  stopPartCheckBody,
  stopParts,
  withdrawBody,
  withdrawCheckBody,
  yesCheckBody,
} from '../../pages/window/say-choice.ts';
import { type Whose, whoseOf } from '../../pages/window/whose.ts';
import { heldApart } from '../../pages/window/with-name.ts';
import { places } from '../places.ts';
import { HttpProblem } from '../problems.ts';
import { madeBy } from '../subject.ts';
import { hasRecord, showNoRecord } from './no-record.ts';
import { receiptsAsked } from './receipts-asked.ts';
import { ask, fieldsOf, type PagesParts, type Seat, seen } from './seat.ts';
import { partiesGone, stopOptions } from './stop-options.ts';
import { asMember, type MemberSeat, placeOf, showStep, showWords, wordsOf } from './window-seat.ts';

export function sayPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/say';
  const page = (path: string, work: (seat: MemberSeat) => Promise<Response>): void => {
    routes.get(`${at}${path}`, asMember(parts, work));
  };
  const ofRecord = (work: (seat: MemberSeat) => Promise<Response>) => async (seat: MemberSeat) =>
    (await hasRecord(seat)) ? work(seat) : showNoRecord(seat);
  const form = (path: string, work: (seat: MemberSeat) => Promise<Response>): void => {
    routes.post(`${at}${path}`, asMember(parts, work));
  };
  const begin = (path: string, work: (seat: MemberSeat) => Promise<Response>): void =>
    page(path, ofRecord(work));
  begin('', (seat) =>
    showWords(seat, { title: placeOf(seat).words.say.title, body: sayBody(placeOf(seat)) }),
  );
  begin('/stop', async (seat) => {
    const place = placeOf(seat);
    return showWords(seat, { title: place.words.stop.title, body: stopBody(place, await whoseAll(seat)) });
  });
  form('/stop', stopAll);
  begin('/stop-one', async (seat) => {
    const place = placeOf(seat);
    const body = stopOneBody(place, await whoseAll(seat));
    return showWords(seat, { title: place.words.stopOne.title, body });
  });
  begin('/stop-one/:part', (seat) => choosePart(seat, []));
  form('/stop-one/:part', ofRecord(stopPart));
  begin('/withdraw', (seat) => chooseYes(seat, []));
  form('/withdraw', ofRecord(withdraw));
  begin('/allow', chooseStop);
  form('/allow', ofRecord(allow));
  page('/done/:what', doneWhat);
  return routes;
}

/** To the page that says what was done, with the receipts of it. */
export const sendDone = ({ c, home }: Seat, what: DoneKind, events: readonly string[]): Response =>
  c.redirect(`${home}/say/done/${what}${events.length === 0 ? '' : `?receipts=${events.join(',')}`}`, 303);

async function doneWhat(seat: MemberSeat): Promise<Response> {
  const place = placeOf(seat);
  const what = seat.c.req.param('what') ?? '';
  if (!Object.hasOwn(place.words.done, what) || !isDone(what)) throw nothing();
  const receipts = what === 'safe' || what === 'unsafe' ? [] : await receiptsOf(seat, what);
  if (!(await isSo(seat, what, receipts))) return seat.c.redirect(`${seat.home}/say`, 303);
  const by = passedOnBy(seat.service, seat.service.now());
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

/** Their own records, by the numbers that pages know them by. */
const whoseAll = (seat: MemberSeat): Promise<readonly Whose[]> =>
  seen(seat, 'show-details', null, async () => done(await ownNames(seat.service, seat.actor)));

/** Nothing is said to be done because somebody opens its page: there is a receipt of theirs, or it stands so. */
async function isSo(seat: MemberSeat, what: DoneKind, receipts: readonly ReceiptOf[]): Promise<boolean> {
  if (what !== 'safe' && what !== 'unsafe') return receipts.length > 0;
  const { service, actor } = seat;
  const safe = await seen(seat, 'show-details', null, async () => done(await isOwnSafe(service, actor)));
  return safe === (what === 'safe');
}

const isDone = (what: string): what is DoneKind =>
  ['stopped', 'withdrawn', 'lifted', 'allowed', 'safe', 'unsafe'].includes(what);

export const nothing = (): HttpProblem =>
  new HttpProblem({ code: 'not-found', detail: 'nothing is called that' });

/** Refused where everything was looked at before: a page that says why, and nothing recorded. */
export function mustOf<T>(answer: Answer<T>): T {
  if (answer.kind === 'done') return answer.value;
  throw new HttpProblem({ code: answer.code, detail: answer.message });
}

/** No record is theirs. */
const isNobody = (answer: Answer<unknown>): boolean =>
  answer.kind === 'refused' && answer.code === 'not-found';

/** One way in and one way out for both, by which nobody can tell them apart. */
async function stopAll(seat: MemberSeat): Promise<Response> {
  const { for: whom } = await fieldsOf(seat.c);
  const answer = await ask(seat, 'record-preference', madeBy(places['record-preference']), () =>
    stopEverything(seat.service, seat.actor, { household: whom === 'home' }),
  );
  if (isNobody(answer)) return showNoRecord(seat);
  const { items } = mustOf(answer);
  return sendDone(
    seat,
    'stopped',
    items.map(({ event }) => event),
  );
}

function partOf({ c }: Seat): StopPart {
  const found = stopParts.find((part) => part === c.req.param('part'));
  if (found === undefined) throw nothing();
  return found;
}

async function choosePart(seat: MemberSeat, faults: readonly FormFault[]): Promise<Response> {
  const place = placeOf(seat);
  const part = partOf(seat);
  const gone = part === 'organisation' ? await partiesGone(seat) : [];
  const left = [...gone].map(([value, name]) => ({
    ...{ value, text: heldApart(name), help: place.words.stopOne.left },
  }));
  const body = stopPartBody(place, part, [...(await stopOptions(seat, part)), ...left], faults);
  return showStep(seat, { title: place.words.stopOne[part][0], body }, faults);
}

async function stopPart(seat: MemberSeat): Promise<Response> {
  const place = placeOf(seat);
  const part = partOf(seat);
  const { term, sure } = await fieldsOf(seat.c);
  const chosen = (await stopOptions(seat, part)).find(({ value }) => value === term);
  if (chosen === undefined && part === 'organisation' && term !== undefined) return stopOfGone(seat, term);
  if (chosen === undefined) return choosePart(seat, [{ field: 'term', text: place.words.form.choose }]);
  if (sure !== 'yes') {
    const body = stopPartCheckBody(place, part, chosen, await whoseAll(seat));
    return showWords(seat, { title: place.words.stopOne.checkTitle, body });
  }
  const said = await sayOfAll(seat.service, seat.actor, (own) =>
    answerOf(seat, own, { kind: 'objection', [part]: chosen.value }),
  );
  if (isNobody(said)) return showNoRecord(seat);
  return sendDone(
    seat,
    'stopped',
    mustOf(said).map(({ event }) => event),
  );
}

/** The log takes a stop of nobody whom the register does not name: the stop of everything is of them as well. */
async function stopOfGone(seat: MemberSeat, party: string): Promise<Response> {
  const place = placeOf(seat);
  const body = stopGoneBody(place, (await partiesGone(seat)).get(party) ?? null);
  return showWords(seat, { title: place.words.stopOne.gone.title, body });
}

/** Of one of their own records. */
const answerOf = (seat: MemberSeat, own: Standing['own'], said: SaidOfOwn) =>
  ask(seat, 'record-preference', madeBy(places['record-preference']), () =>
    recordOwn(seat.service, seat.actor, own, said),
  );

/** Gives the event. */
const say = async (seat: MemberSeat, own: Standing['own'], said: SaidOfOwn): Promise<string> =>
  mustOf(await answerOf(seat, own, said)).event;

const standing = (seat: MemberSeat): Promise<readonly Standing[]> =>
  seen(seat, 'list-own-preferences', null, async () => done(await standingOf(seat.service, seat.actor)));

async function namesIn(seat: MemberSeat): Promise<NameOf> {
  const { organisations } = await readWorkspace(seat.service, seat.actor.org);
  const names = new Map(organisations.map(({ id, legalName }) => [id, legalName]));
  return (id) => names.get(id) ?? id;
}

/** Numbered by record and place: the list is made again when it is sent, and what is no longer there is asked anew. */
const consentsIn = (all: readonly Standing[], whose: WhoseAt): readonly Numbered[] =>
  all.flatMap(({ consents }, i) =>
    consents.map((given) => ({
      ...{ at: `${i}:${given.notice}:${given.consent.id}`, whose: whose(i + 1), given },
    })),
  );
const stopsIn = (all: readonly Standing[], whose: WhoseAt): readonly NumberedStop[] =>
  all.flatMap(({ stops }, i) =>
    stops.map((stop) => ({ at: `${i}:${stop.event}`, whose: whose(i + 1), stop })),
  );
/** Whose the record of that number is; null where they have but one. */
type WhoseAt = (number: number) => Numbered['whose'];
async function whoseIn(seat: MemberSeat): Promise<WhoseAt> {
  const records = await whoseAll(seat);
  return (number) => whoseOf(placeOf(seat).words.form.record, records, number);
}
const ownOf = (all: readonly Standing[], at: string): Standing => {
  const found = all[Number(at.split(':')[0])];
  if (found === undefined) throw nothing();
  return found;
};

async function chooseYes(seat: MemberSeat, faults: readonly FormFault[]): Promise<Response> {
  const place = placeOf(seat);
  const given = consentsIn(await standing(seat), await whoseIn(seat)).filter((one) => !one.given.stopped);
  const body = withdrawBody(place, given, faults);
  return showStep(seat, { title: place.words.withdraw.title, body }, faults);
}

async function withdraw(seat: MemberSeat): Promise<Response> {
  const place = placeOf(seat);
  const { which, sure } = await fieldsOf(seat.c);
  const all = await standing(seat);
  const one = consentsIn(all, await whoseIn(seat)).find(({ at }) => at === which);
  if (one === undefined) return chooseYes(seat, [{ field: 'which', text: place.words.form.choose }]);
  if (sure !== 'yes') {
    const body = withdrawCheckBody(place, one, await namesIn(seat));
    return showWords(seat, { title: place.words.withdraw.checkTitle, body });
  }
  const { own } = ownOf(all, one.at);
  const events: string[] = [];
  for (const scope of atomsOf(one.given.consent)) {
    const of = { notice: one.given.notice, consent: one.given.consent.id };
    events.push(await say(seat, own, { kind: 'withdrawal', ...scopeIn(scope), ...of }));
  }
  return sendDone(seat, 'withdrawn', events);
}

async function chooseStop(seat: MemberSeat): Promise<Response> {
  const place = placeOf(seat);
  const all = await standing(seat);
  const whose = await whoseIn(seat);
  const shown = {
    stops: stopsIn(all, whose),
    consents: consentsIn(all, whose).filter(({ given }) => given.stops.length > 0),
  };
  return showWords(seat, {
    title: place.words.allow.title,
    body: allowBody(place, shown, await namesIn(seat)),
  });
}

/** C3: nothing wider is lifted by the way. Each stop is shown, and its own box says that it is taken back. */
async function allow(seat: MemberSeat): Promise<Response> {
  const fields = await fieldsOf(seat.c);
  const all = await standing(seat);
  const whose = await whoseIn(seat);
  const stop = stopsIn(all, whose).find(({ at }) => at === fields.stop);
  const yes = consentsIn(all, whose).find(({ at }) => at === fields.yes);
  if (stop !== undefined) return lift(seat, all, stop, fields);
  if (yes !== undefined) return sayYes(seat, all, yes, fields);
  // It was lifted meanwhile: the list says what stands.
  return seat.c.redirect(`${seat.home}/say/allow`, 303);
}

type Fields = Readonly<Record<string, string>>;

async function lift(
  seat: MemberSeat,
  all: readonly Standing[],
  one: NumberedStop,
  { sure, lift: ticked }: Fields,
): Promise<Response> {
  const place = placeOf(seat);
  if (sure !== 'yes' || ticked !== 'yes') {
    const faults = sure === 'yes' ? [{ field: 'lift', text: place.words.allow.liftNone }] : [];
    const body = liftCheckBody(place, one, await namesIn(seat), faults);
    return showStep(seat, { title: place.words.allow.checkTitle, body }, faults);
  }
  return sendDone(seat, 'lifted', await liftAll(seat, ownOf(all, one.at).own, one.stop));
}

/** With those of the identical scope that reach the record, as the page said: their receipt is of the stop itself. */
async function liftAll(
  seat: MemberSeat,
  own: Standing['own'],
  { event, also }: NumberedStop['stop'],
): Promise<readonly string[]> {
  const shown = await say(seat, own, { kind: 'lift', lifts: event });
  for (const other of also) await say(seat, own, { kind: 'lift', lifts: other });
  return [shown];
}

async function sayYes(
  seat: MemberSeat,
  all: readonly Standing[],
  one: Numbered,
  fields: Fields,
): Promise<Response> {
  const place = placeOf(seat);
  if (fields.sure !== 'yes' || fields.say !== 'yes') {
    const faults = fields.sure === 'yes' ? [{ field: 'say', text: place.words.allow.yesNone }] : [];
    const body = yesCheckBody(place, one, await namesIn(seat), faults);
    return showStep(seat, { title: place.words.allow.yesTitle, body }, faults);
  }
  const { own } = ownOf(all, one.at);
  const events: string[] = [];
  for (const [i, stop] of one.given.stops.entries())
    if (fields[`lift-${i}`] === stop.event) events.push(...(await liftAll(seat, own, stop)));
  const { notice, consent } = one.given;
  events.push(await say(seat, own, { kind: 'consent', notice, consent: consent.id }));
  return sendDone(seat, 'allowed', events);
}
