/** One of the people that were found: what they have said, and what came from them by telephone, letter or e-mail. */
import { Hono } from 'hono';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import type { Refused } from '../../app/flow/service.ts';
import { checkSaid } from '../../app/window/check-said.ts';
import { type PersonFound, personFound, personFoundInput } from '../../app/window/person-found.ts';
import { setSafeContact, setSafeContactInput } from '../../app/window/safe-contact.ts';
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
import { answersOf, entryFault, saidIn } from './desk-said.ts';
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
    { enter: may(seat, 'record-preference') },
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
  const { choices } = await groundOf(seat, found.said);
  if (kind === null || typed.step === 'change') return sayForm(seat, typed.kind ?? '', typed, [], choices);
  const place = deskOf(seat);
  const { entry } = place.words;
  const again = (faults: readonly FormFault[]): Promise<Response> =>
    sayForm(seat, kind, typed, faults, choices);
  if ((typed.by ?? '') === '') return again([{ field: 'by', text: entry.byNone }]);
  const { source, record } = found.person;
  const input = recordPreferenceInput.safeParse({ source, person: record, ...saidIn(kind, typed) });
  if (!input.success) return again([{ field: 'by', text: entry.other }]);
  const own = input.data.lifts === null || choices.lifts.some(({ value }) => value === input.data.lifts);
  if (!own) return again([{ field: 'lifts', text: entry.other }]);
  const wrong = await checkSaid(seat.service, seat.actor.org, input.data);
  if (wrong !== null) return again([entryFault(place.words, wrong)]);
  if (typed.step !== 'record') {
    const rows = answersOf(place.words, kind, typed, choices);
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
  const answer = await ask(seat, 'record-preference', madeBy(places['record-preference']), () =>
    recordPreference(seat.service, seat.actor, input.data),
  );
  if (answer.kind === 'refused') return refusedEntry(seat, kind, choices, typed, answer);
  const post = !found.person.safe;
  const next = post ? entry.doneNext : entry.doneSafe;
  const body = recordedBody(place, { events: [answer.value.event], next, post, panel: entry.holds });
  return showWords(seat, { title: entry.done, body });
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

async function safe(seat: Seat): Promise<Response> {
  const { person: whose } = await foundAt(seat);
  const input = setSafeContactInput.parse({ source: whose.source, person: whose.record, safe: true });
  await seen(seat, 'set-safe-contact', null, () => setSafeContact(seat.service, seat.actor, input));
  return sendOn(seat, pathOf(seat), 'safe-set');
}
