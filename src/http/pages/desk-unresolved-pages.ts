/** Letters of nobody known: once somebody has looked, they are said to be of somebody, or of nobody here. */
import { Hono } from 'hono';
import { type Answer, done, type Refused } from '../../app/flow/service.ts';
import { heldRecord } from '../../app/window/held-record.ts';
import { lookAtUnresolved, type UnresolvedSeen } from '../../app/window/look-at-unresolved.ts';
import { foundBefore, personFoundInput } from '../../app/window/person-found.ts';
import type { PersonRow } from '../../app/window/person-shown.ts';
import { resolutionRecorded } from '../../app/window/resolution-recorded.ts';
import { resolveEvent, resolveEventInput } from '../../app/window/resolve-event.ts';
import { recordedBody } from '../../pages/window/desk-entry.ts';
import { letterKeptBody, type TypedOfLetter, unresolvedBody } from '../../pages/window/desk-work.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import { heldApart } from '../../pages/window/with-name.ts';
import { HttpProblem } from '../problems.ts';
import { readTexts } from '../read-form.ts';
import { groundOf, scopeText } from './desk-choices.ts';
import { atDesk, deskOf } from './desk-seat.ts';
import { receiptsAsked, sendRecorded } from './receipts-asked.ts';
import { ask, may, type PagesParts, type Seat, seen } from './seat.ts';
import { typedFaults } from './typed-faults.ts';
import { showStep, showWords } from './window-seat.ts';

export function deskUnresolvedPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/desk/unresolved/:event';
  routes.get(
    at,
    atDesk(parts, 'find-person', async (seat) => {
      const found = await seen(seat, 'find-person', eventOf(seat), () =>
        lookAtUnresolved(seat.service, seat.actor, { event: eventOf(seat) }),
      );
      return unresolved(seat, found, nothingTyped, []);
    }),
  );
  routes.post(at, atDesk(parts, 'resolve-event', resolve));
  routes.get(`${at}/recorded`, atDesk(parts, 'resolve-event', recorded));
  return routes;
}

const eventOf = ({ c }: Seat): string => c.req.param('event') ?? '';

/** Whom it may be of is a look-up of them. */
const look = (seat: Seat): Promise<Answer<UnresolvedSeen>> =>
  ask(seat, 'find-person', eventOf(seat), () =>
    lookAtUnresolved(seat.service, seat.actor, { event: eventOf(seat) }),
  );

const nothingTyped: TypedOfLetter = { fields: {}, ticked: new Set() };

async function unresolved(
  seat: Seat,
  found: UnresolvedSeen,
  typed: TypedOfLetter,
  faults: readonly FormFault[],
  refusal: Refused | null = null,
): Promise<Response> {
  const place = deskOf(seat);
  const { workspace } = await groundOf(seat, []);
  const { scope } = found.stop;
  const words = scopeText(place.words, workspace, { ...scope, channel: scope.contactChannel });
  const can = { resolve: may(seat, 'resolve-event') };
  const body = unresolvedBody(place, found, words, typed, faults, can);
  return showStep(seat, { title: place.words.unresolved.one, body, refused: refusal }, faults);
}

/** With the refusal, on the letter as it is now; where it cannot be looked at any more, with what was typed alone. */
async function refusedOf(seat: Seat, typed: TypedOfLetter, refusal: Refused): Promise<Response> {
  const looked = await look(seat);
  return looked.kind === 'done'
    ? unresolved(seat, looked.value, typed, [], refusal)
    : kept(seat, typed, refusal);
}

function kept(seat: Seat, typed: TypedOfLetter, refusal: Refused): Promise<Response> {
  const place = deskOf(seat);
  const body = letterKeptBody(place, typed.fields.words ?? '');
  return showWords(seat, { title: place.words.unresolved.one, body, refused: refusal });
}

type Given = {
  readonly words: string;
  readonly nobody: boolean;
  /** The number of a record that was found at the desk: where more people are found than are shown. */
  readonly record: string;
  /** Of the people shown. */
  readonly ticked: readonly string[];
  readonly lookUp: string;
};

async function givenIn({ c }: Seat): Promise<Given> {
  const fields = await readTexts(c);
  const text = (name: string): string => fields.get(name)?.[0] ?? '';
  return {
    ...{ words: text('words'), nobody: text('nobody') === 'yes' },
    ...{ record: text('record').trim(), lookUp: text('lookUp') },
    ticked: fields.get('whose') ?? [],
  };
}

const knownBy = resolveEventInput.pick({ words: true });

async function resolve(seat: Seat): Promise<Response> {
  const given = await givenIn(seat);
  const place = deskOf(seat);
  const { unresolved: said } = place.words;
  const fields = { words: given.words, nobody: given.nobody ? 'yes' : '', record: given.record };
  const ticked = await tickedIn(seat, given);
  if (ticked.kind === 'refused') return refusedOf(seat, { fields, ticked: new Set() }, ticked);
  const typed = { fields, ticked: new Set(ticked.value.map(({ record }) => record)) };
  const some = given.ticked.length > 0 || given.record !== '';
  const faults: FormFault[] = [
    ...(some && given.nobody ? [{ field: 'nobody', text: said.sureBoth }] : []),
    ...typedFaults(place.words, knownBy.safeParse({ words: given.words }).error?.issues ?? [], {
      words: said.wordsNone,
    }),
  ];
  const both = given.ticked.length > 0 && given.record !== '';
  if (both) faults.push({ field: 'record', text: said.recordBoth });
  const looked = given.ticked.length > 0 && faults.length === 0 ? null : await look(seat);
  if (looked?.kind === 'refused') return kept(seat, typed, looked);
  if (looked !== null && !some) faults.unshift(...noneFault(said, given, looked.value));
  const whose =
    looked === null || given.ticked.length > 0
      ? whoseOf(ticked.value)
      : await typedIn(seat, looked.value.stop.source, given.record);
  if (whose === null) faults.push({ field: 'record', text: said.recordUnknown });
  if (looked !== null && (faults.length > 0 || whose === null))
    return unresolved(seat, looked.value, typed, faults);
  const input = resolveEventInput.safeParse({
    ...{ event: eventOf(seat), source: whose?.source, records: whose?.records, words: given.words },
  });
  if (!input.success || whose === null) throw changed();
  const answer = await ask(seat, 'resolve-event', eventOf(seat), () =>
    resolveEvent(seat.service, seat.actor, input.data),
  );
  if (answer.kind === 'refused') return refusedOf(seat, typed, answer);
  const events = answer.value.stops.map(({ event }) => event);
  return sendRecorded(seat, `/desk/unresolved/${encodeURIComponent(eventOf(seat))}/recorded`, events);
}

/** To whoever said whose it is: what was recorded of it. */
async function recorded(seat: Seat): Promise<Response> {
  const place = deskOf(seat);
  const { entry, unresolved: said } = place.words;
  const asked = { stop: eventOf(seat), events: receiptsAsked(seat) };
  const stops = await resolutionRecorded(seat.service, seat.actor, asked);
  if (stops === null) return seat.c.redirect(`${seat.home}/desk`, 303);
  const body = recordedBody(place, {
    receipts: stops.map(({ event, record }) => ({
      event,
      what: stops.length < 2 ? null : heldApart(record),
    })),
    next: stops.length === 0 ? said.doneNobody : said.doneSome,
    post: stops.every(({ safe }) => !safe),
    ...{ panel: entry.holds, partly: false },
  });
  return showWords(seat, { title: said.done, body });
}

const changed = (): HttpProblem =>
  new HttpProblem({ code: 'input-invalid', detail: 'the form was changed on its way; open it again' });

/** Of more people than are shown nobody has looked at all: it cannot be said to be of none of them. */
function noneFault(
  said: ReturnType<typeof deskOf>['words']['unresolved'],
  { nobody }: Given,
  { found }: UnresolvedSeen,
): readonly FormFault[] {
  if (found.more) return [{ field: 'record', text: nobody ? said.sureMany : said.recordNone }];
  return nobody ? [] : [{ field: 'nobody', text: said.sureNone }];
}

type Whose = { readonly source: string; readonly records: readonly string[] };

/** Refused where they were looked up too long ago. Throws HttpProblem `input-invalid` of what no form of ours sends. */
async function tickedIn(seat: Seat, { ticked, lookUp }: Given): Promise<Answer<readonly PersonRow[]>> {
  const found: PersonRow[] = [];
  for (const each of ticked) {
    const one = personFoundInput.safeParse({ lookUp, number: Number(each) });
    if (!one.success) throw changed();
    const answer = await ask(seat, 'find-person', lookUp, () =>
      foundBefore(seat.service, seat.actor, one.data),
    );
    if (answer.kind === 'refused') return answer;
    found.push(answer.value);
  }
  return done(found);
}

/** Throws HttpProblem `input-invalid` where they are of two sources. */
function whoseOf(found: readonly PersonRow[]): Whose {
  const [source, ...more] = new Set(found.map((one) => one.source.id));
  if (source === undefined || more.length > 0) throw changed();
  return { source, records: found.map((one) => one.record) };
}

/** Null where there is no such record; of none typed, nobody. */
async function typedIn({ service, actor }: Seat, source: string, record: string): Promise<Whose | null> {
  if (record === '') return { source, records: [] };
  if (/\p{Cc}/u.test(record) || !record.isWellFormed()) return null;
  if ((await heldRecord(service, actor.org, { source, record })) === null) return null;
  return { source, records: [record] };
}
