/** One of the people that were found: what they have said, and what came from them by telephone, letter or e-mail. */
import { Hono } from 'hono';
import type { z } from 'zod';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import type { Answer, Refused } from '../../app/flow/service.ts';
import { agreedConsents } from '../../app/window/agreed-wording.ts';
import { checkSaid } from '../../app/window/check-said.ts';
import {
  type PersonFound,
  type PersonStanding,
  personFound,
  personFoundInput,
  personStanding,
} from '../../app/window/person-found.ts';
import { setSafeContact, setSafeContactInput } from '../../app/window/safe-contact.ts';
import { saidAfter } from '../../app/window/said-in-part.ts';
import { type StandingStop, scopeIn } from '../../app/window/standing.ts';
import type { Html } from '../../pages/frame.ts';
import {
  type Choices,
  checkBody,
  entryBody,
  kindsBody,
  recordedBody,
  type SaidKind,
  saidKinds,
} from '../../pages/window/desk-entry.ts';
import { personBody, type Typed } from '../../pages/window/desk-find.ts';
import { scopeOf } from '../../pages/window/desk-said-text.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import type { Scope } from '../../policy/model.ts';
import { places } from '../places.ts';
import { HttpProblem } from '../problems.ts';
import { madeBy } from '../subject.ts';
import { groundOf, scopeText } from './desk-choices.ts';
import { effectOfLift, panelOfLift } from './desk-lift.ts';
import { answersOf, type Covered, coveredBy, entryFault, saidIn } from './desk-said.ts';
import { atDesk, deskOf } from './desk-seat.ts';
import { newOnce, sentOnce } from './done-once.ts';
import { receiptsAsked, sendRecorded } from './receipts-asked.ts';
import { ask, fieldsOf, may, type PagesParts, type Seat, seen, sendOn } from './seat.ts';
import { showStep, showWords } from './window-seat.ts';

export function deskPersonPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/desk/found/:lookUp/:number';
  routes.get(at, atDesk(parts, 'find-person', person));
  routes.get(
    `${at}/say`,
    atDesk(parts, 'record-preference', (seat) => sayForm(seat, kindAsked(seat), {}, [])),
  );
  routes.post(
    `${at}/say`,
    atDesk(parts, 'record-preference', (seat) => sentOnce(seat, (typed) => say(seat, typed))),
  );
  routes.get(`${at}/recorded`, atDesk(parts, 'record-preference', recorded));
  routes.post(`${at}/safe`, atDesk(parts, 'set-safe-contact', safe));
  return routes;
}

/** The path of who was found, below the organisation's. */
export const pathOf = ({ c }: Seat): string =>
  `/desk/found/${encodeURIComponent(c.req.param('lookUp') ?? '')}/${Number(c.req.param('number'))}`;

/** Each look at somebody is a deed. */
export const foundAt = (seat: Seat): Promise<PersonFound> => lookAt(seat, personFound);

/** With the stops that stand, where what is said now is held against them. */
const standingOfFound = (seat: Seat, kind: SaidKind | null): Promise<PersonStanding> =>
  lookAt(seat, (service, actor, input) =>
    personStanding(service, actor, { ...input, stops: kind === 'lift' || kind === 'consent' }),
  );

function lookAt<T>(
  seat: Seat,
  look: (...asked: Parameters<typeof personFound>) => Promise<Answer<T>>,
): Promise<T> {
  const { c, service, actor } = seat;
  const asked = personFoundInput.safeParse({
    lookUp: c.req.param('lookUp'),
    number: Number(c.req.param('number')),
  });
  if (!asked.success)
    throw new HttpProblem({ code: 'not-found', detail: 'you have found nobody under that number' });
  return seen(seat, 'find-person', asked.data.lookUp, () => look(service, actor, asked.data));
}

async function person(seat: Seat): Promise<Response> {
  const found = await foundAt(seat);
  const place = deskOf(seat);
  const can = { enter: may(seat, 'record-preference'), setSafe: may(seat, 'set-safe-contact') };
  const body = personBody(place, found, pathOf(seat), can);
  return showWords(seat, { title: place.words.person.title, body });
}

/** Of a form that is sent with a choice left out it is nothing, and undefined of a page that was only just come to. */
export const kindAsked = ({ c }: Seat): string | undefined =>
  c.req.query('kind') ?? (c.req.query('asked') === undefined ? undefined : '');

const kindOf = (text: string | undefined): SaidKind | null => saidKinds.find((each) => each === text) ?? null;

async function sayForm(
  seat: Seat,
  asked: string | undefined,
  typed: Typed,
  faults: readonly FormFault[],
  choices?: Choices,
): Promise<Response> {
  const place = deskOf(seat);
  const { kinds } = place.words;
  const kind = kindOf(asked);
  if (kind === null) {
    await foundAt(seat);
    const missing = asked === undefined ? [] : [{ field: 'kind', text: kinds.none }];
    return showStep(seat, { title: kinds.title, body: kindsBody(place, pathOf(seat), missing) }, missing);
  }
  const options = choices ?? (await groundOf(seat, (await standingOfFound(seat, kind)).stops)).choices;
  const body = entryBody(place, pathOf(seat), kind, options, typed, faults);
  return showStep(seat, { title: kinds[kind][0], body }, faults);
}

async function say(seat: Seat, typed: Typed): Promise<Response> {
  const kind = kindOf(typed.kind);
  const found = await standingOfFound(seat, kind);
  const { workspace, choices } = await groundOf(seat, found.stops);
  if (kind === null || typed.step === 'change') return sayForm(seat, typed.kind ?? '', typed, [], choices);
  const place = deskOf(seat);
  const { entry } = place.words;
  const inWords = (scope: Scope): Html =>
    scopeText(place.words, workspace, { ...scope, channel: scope.contactChannel });
  const again = (faults: readonly FormFault[]): Promise<Response> =>
    sayForm(seat, kind, typed, faults, choices);
  if ((typed.by ?? '') === '') return again([{ field: 'by', text: entry.byNone }]);
  const { source, record } = found.person;
  const agreed = await agreedConsents(seat.service, seat.actor.org, workspace);
  const covered = coveredBy(workspace, agreed, kind, typed, seat.service.now().getTime());
  const inputs: Input[] = [];
  for (const part of partsOf(kind, covered, found.stops, typed)) {
    const said = { ...saidIn(kind, typed), ...part };
    const input = recordPreferenceInput.safeParse({ source, person: record, ...said });
    if (!input.success) return again([{ field: 'by', text: entry.other }]);
    const wrong = await faultIn(seat, input.data, typed, choices);
    if (wrong !== null) return again([wrong]);
    inputs.push(input.data);
  }
  if (typed.step !== 'record') {
    const what = covered && { wording: covered.wording, scopes: covered.scopes.map(inWords) };
    const rows = answersOf(place.words, kind, typed, choices, what);
    const now = seat.service.now().getTime();
    const taken = found.stops.find(({ event }) => event === typed.lifts);
    const effects: Partial<Record<SaidKind, string>> = {
      consent: entry.effectYes,
      lift: taken && inputs[0] ? effectOfLift(entry, taken, inputs[0], now) : entry.effectLift,
    };
    const shown = {
      action: `${pathOf(seat)}/say`,
      back: '/desk',
      rows,
      typed,
      effect: effects[kind] ?? entry.effect,
      button: entry.button,
      once: newOnce(),
    };
    return showWords(seat, { title: entry.checkTitle, body: checkBody(place, shown) });
  }
  const { events, refusal } = await recordEach(seat, kind, inputs);
  if (refusal !== null && events.length === 0) return refusedEntry(seat, kind, choices, typed, refusal);
  return sendRecorded(seat, `${pathOf(seat)}/recorded`, toldOf(kind, events), refusal !== null);
}

/** What was recorded of them just now, by its numbers: nothing is said to be, because somebody opens the page. */
async function recorded(seat: Seat): Promise<Response> {
  const { person: whose, said } = await foundAt(seat);
  const place = deskOf(seat);
  const { entry } = place.words;
  const given = receiptsAsked(seat).flatMap((event) => said.find((item) => item.event === event) ?? []);
  if (given.length === 0) return seat.c.redirect(`${seat.home}${pathOf(seat)}`, 303);
  const receipts = given.map(({ event, scope }) => ({
    event: event ?? '',
    what: given.length < 2 || scope === null ? null : scopeOf(place.words, scope),
  }));
  const shown = {
    ...{ receipts, post: !whose.safe, next: whose.safe ? entry.doneSafe : entry.doneNext },
    ...{ panel: await panelOf(seat, given), partly: seat.c.req.query('partly') === 'yes' },
  };
  return showWords(seat, { title: entry.done, body: recordedBody(place, shown) });
}

/** What holds now of it; of a stop taken back that is held against those that stand. */
async function panelOf(seat: Seat, given: PersonFound['said']): Promise<string> {
  const { entry } = deskOf(seat).words;
  const lift = given.find(({ kind }) => kind === 'lift');
  if (lift === undefined) return entry.holds;
  const { stops } = await standingOfFound(seat, 'lift');
  return panelOfLift(entry, lift, stops, seat.service.now().getTime());
}

type Input = z.output<typeof recordPreferenceInput>;

/** What is recorded of it, each an event of its own. */
function partsOf(
  kind: SaidKind,
  covered: Covered | null,
  stops: readonly StandingStop[],
  typed: Typed,
): readonly object[] {
  if (kind === 'withdrawal' && covered !== null) return covered.scopes.map(scopeIn);
  const lifted = kind === 'lift' ? stops.find(({ event }) => event === typed.lifts) : undefined;
  // As on the member's own page: those of the identical scope that reach the record go with it.
  return lifted === undefined ? [{}] : [lifted.event, ...lifted.also].map((lifts) => ({ lifts }));
}

async function faultIn(seat: Seat, input: Input, typed: Typed, choices: Choices): Promise<FormFault | null> {
  const { words } = deskOf(seat);
  const own = input.lifts === null || choices.lifts.some(({ value }) => value === typed.lifts);
  if (!own) return { field: 'lifts', text: words.entry.other };
  // Half of a choice would stop more than was chosen.
  if (input.notice !== null && input.consent === null) return { field: 'consent', text: words.entry.other };
  const wrong = await checkSaid(seat.service, seat.actor.org, input);
  return wrong === null ? null : entryFault(words, wrong);
}

type Recorded = { readonly events: readonly string[]; readonly refusal: Refused | null };

/** Of a stop taken back the receipt is of that stop: what went with it is not told. */
const toldOf = (kind: SaidKind, events: readonly string[]): readonly string[] =>
  kind === 'lift' ? events.slice(0, 1) : events;

/** Up to the first that is refused: what was recorded before it holds, and its receipts are shown. Throws SayError. */
async function recordEach(seat: Seat, kind: SaidKind, inputs: readonly Input[]): Promise<Recorded> {
  const events: string[] = [];
  for (const input of inputs) {
    const answer = await saidAfter(toldOf(kind, events), () =>
      ask(seat, 'record-preference', madeBy(places['record-preference']), () =>
        recordPreference(seat.service, seat.actor, input),
      ),
    );
    if (answer.kind === 'refused') return { events, refusal: answer };
    events.push(answer.value.event);
  }
  return { events, refusal: null };
}

function refusedEntry(
  seat: Seat,
  kind: SaidKind,
  choices: Choices,
  typed: Typed,
  refusal: Refused,
): Promise<Response> {
  const place = deskOf(seat);
  const body = entryBody(place, pathOf(seat), kind, choices, typed, []);
  return showWords(seat, { title: place.words.kinds[kind][0], body, refused: refusal });
}

/** Taken off only by the very button that says so. */
async function safe(seat: Seat): Promise<Response> {
  const set = (await fieldsOf(seat.c)).safe !== 'no';
  const { person: whose } = await foundAt(seat);
  const input = setSafeContactInput.parse({ source: whose.source, person: whose.record, safe: set });
  await seen(seat, 'set-safe-contact', null, () => setSafeContact(seat.service, seat.actor, input));
  return sendOn(seat, pathOf(seat), set ? 'safe-set' : 'safe-cleared');
}
