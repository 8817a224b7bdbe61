/** One of the people that were found: what they have said, and what came from them by telephone, letter or e-mail. */
import { Hono } from 'hono';
import type { z } from 'zod';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import type { Refused } from '../../app/flow/service.ts';
import { checkSaid } from '../../app/window/check-said.ts';
import { type PersonFound, personFound, personFoundInput } from '../../app/window/person-found.ts';
import { setSafeContact, setSafeContactInput } from '../../app/window/safe-contact.ts';
import { scopeIn } from '../../app/window/standing.ts';
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
import type { FormFault } from '../../pages/window/form-parts.ts';
import { places } from '../places.ts';
import { HttpProblem } from '../problems.ts';
import { madeBy } from '../subject.ts';
import { groundOf, scopeText } from './desk-choices.ts';
import { answersOf, coveredBy, entryFault, saidIn } from './desk-said.ts';
import { atDesk, deskOf } from './desk-seat.ts';
import { ask, fieldsOf, may, type PagesParts, type Seat, seen, sendOn } from './seat.ts';
import { showStep, showWords } from './window-seat.ts';

export function deskPersonPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/desk/found/:lookUp/:number';
  routes.get(at, atDesk(parts, 'find-person', person));
  routes.get(
    `${at}/say`,
    atDesk(parts, 'record-preference', (seat) => sayForm(seat, seat.c.req.query('kind'), {}, [])),
  );
  routes.post(`${at}/say`, atDesk(parts, 'record-preference', say));
  routes.post(`${at}/safe`, atDesk(parts, 'set-safe-contact', safe));
  return routes;
}

/** The path of who was found, below the organisation's. */
export const pathOf = ({ c }: Seat): string =>
  `/desk/found/${encodeURIComponent(c.req.param('lookUp') ?? '')}/${Number(c.req.param('number'))}`;

/** Each look at somebody is a deed. */
export function foundAt(seat: Seat): Promise<PersonFound> {
  const { c, service, actor } = seat;
  const asked = personFoundInput.safeParse({
    lookUp: c.req.param('lookUp'),
    number: Number(c.req.param('number')),
  });
  if (!asked.success)
    throw new HttpProblem({ code: 'not-found', detail: 'you have found nobody under that number' });
  return seen(seat, 'find-person', asked.data.lookUp, () => personFound(service, actor, asked.data));
}

async function person(seat: Seat): Promise<Response> {
  const found = await foundAt(seat);
  const place = deskOf(seat);
  const { workspace } = await groundOf(seat, found.said);
  const body = personBody(
    place,
    found,
    pathOf(seat),
    { enter: may(seat, 'record-preference'), setSafe: may(seat, 'set-safe-contact') },
    ({ said }) => (said === null ? '' : scopeText(place.words, workspace, said)),
  );
  return showWords(seat, { title: place.words.person.title, body });
}

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
  const options = choices ?? (await groundOf(seat, (await foundAt(seat)).said)).choices;
  const body = entryBody(place, pathOf(seat), kind, options, typed, faults);
  return showStep(seat, { title: kinds[kind][0], body }, faults);
}

async function say(seat: Seat): Promise<Response> {
  const typed = await fieldsOf(seat.c);
  const kind = kindOf(typed.kind);
  const found = await foundAt(seat);
  const { workspace, choices } = await groundOf(seat, found.said);
  if (kind === null || typed.step === 'change') return sayForm(seat, typed.kind ?? '', typed, [], choices);
  const place = deskOf(seat);
  const { entry } = place.words;
  const again = (faults: readonly FormFault[]): Promise<Response> =>
    sayForm(seat, kind, typed, faults, choices);
  if ((typed.by ?? '') === '') return again([{ field: 'by', text: entry.byNone }]);
  const { source, record } = found.person;
  const covered = coveredBy(workspace, kind, typed);
  const inputs: Input[] = [];
  for (const scope of covered?.map(scopeIn) ?? [{}]) {
    const said = { ...saidIn(kind, typed), ...scope };
    const input = recordPreferenceInput.safeParse({ source, person: record, ...said });
    if (!input.success) return again([{ field: 'by', text: entry.other }]);
    const wrong = await faultIn(seat, input.data, choices);
    if (wrong !== null) return again([wrong]);
    inputs.push(input.data);
  }
  if (typed.step !== 'record') {
    const what = covered?.map((scope) =>
      scopeText(place.words, workspace, { ...scope, channel: scope.contactChannel }),
    );
    const rows = answersOf(place.words, kind, typed, choices, what ?? null);
    const shown = {
      action: `${pathOf(seat)}/say`,
      back: '/desk',
      rows,
      typed,
      effect: entry.effect,
      button: entry.button,
    };
    return showWords(seat, { title: entry.checkTitle, body: checkBody(place, shown) });
  }
  const { events, refusal } = await recordEach(seat, inputs);
  if (refusal !== null && events.length === 0) return refusedEntry(seat, kind, choices, typed, refusal);
  const post = !found.person.safe;
  const next = post ? entry.doneNext : entry.doneSafe;
  const body = recordedBody(place, { events, next, post, panel: entry.holds });
  return showWords(seat, { title: entry.done, body, refused: refusal });
}

type Input = z.output<typeof recordPreferenceInput>;

async function faultIn(seat: Seat, input: Input, choices: Choices): Promise<FormFault | null> {
  const { words } = deskOf(seat);
  const own = input.lifts === null || choices.lifts.some(({ value }) => value === input.lifts);
  if (!own) return { field: 'lifts', text: words.entry.other };
  // Half of a choice would stop more than was chosen.
  if (input.notice !== null && input.consent === null) return { field: 'consent', text: words.entry.other };
  const wrong = await checkSaid(seat.service, seat.actor.org, input);
  return wrong === null ? null : entryFault(words, wrong);
}

type Recorded = { readonly events: readonly string[]; readonly refusal: Refused | null };

/** Up to the first that is refused: what was recorded before it holds, and its receipts are shown. */
async function recordEach(seat: Seat, inputs: readonly Input[]): Promise<Recorded> {
  const events: string[] = [];
  for (const input of inputs) {
    const answer = await ask(seat, 'record-preference', madeBy(places['record-preference']), () =>
      recordPreference(seat.service, seat.actor, input),
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
