/** Letters of whom nobody is found: keyed as they came, and, once somebody has looked, said to be of somebody or nobody. */
import { Hono } from 'hono';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import { checkSaid } from '../../app/window/check-said.ts';
import { lookAtUnresolved, type UnresolvedSeen } from '../../app/window/look-at-unresolved.ts';
import { foundBefore } from '../../app/window/person-found.ts';
import { resolveEvent, resolveEventInput } from '../../app/window/resolve-event.ts';
import { isSafe } from '../../app/window/safe-contact.ts';
import {
  type Answered,
  type Choices,
  checkBody,
  letterBody,
  letterKinds,
  recordedBody,
} from '../../pages/window/desk-entry.ts';
import { onDay, type Typed } from '../../pages/window/desk-find.ts';
import { unresolvedBody } from '../../pages/window/desk-work.ts';
import type { FormFault, Option } from '../../pages/window/form-parts.ts';
import { places } from '../places.ts';
import { HttpProblem } from '../problems.ts';
import { madeBy } from '../subject.ts';
import { groundOf, scopeText } from './desk-choices.ts';
import { answersOf, entryFault, saidIn } from './desk-said.ts';
import { atDesk, deskOf } from './desk-seat.ts';
import { ask, fieldsOf, type PagesParts, type Seat, seen, show } from './seat.ts';
import { showStep } from './window-seat.ts';

export function deskLetterPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/desk';
  routes.get(
    `${at}/letter`,
    atDesk(parts, async (seat) => letterForm(seat, await letterGround(seat), {}, [])),
  );
  routes.post(`${at}/letter`, atDesk(parts, letter));
  routes.get(
    `${at}/unresolved/:event`,
    atDesk(parts, async (seat) => unresolved(seat, await lookedAt(seat), {}, [])),
  );
  routes.post(`${at}/unresolved/:event`, atDesk(parts, resolve));
  return routes;
}

type Ground = { readonly sources: readonly Option[]; readonly choices: Choices };

async function letterGround(seat: Seat): Promise<Ground> {
  const { workspace, choices } = await groundOf(seat, []);
  return { sources: workspace.sources.map(({ id }) => ({ value: id, text: id })), choices };
}

function letterForm(
  seat: Seat,
  { sources, choices }: Ground,
  typed: Typed,
  faults: readonly FormFault[],
): Promise<Response> {
  const place = deskOf(seat);
  const body = letterBody(place, sources, choices, typed, faults);
  return showStep(seat, { title: place.words.letter.title, body }, faults);
}

const detailNames = ['surname', 'addressLine', 'postcode', 'email', 'phone', 'birthDate'] as const;

async function letter(seat: Seat): Promise<Response> {
  const typed = await fieldsOf(seat.c);
  const ground = await letterGround(seat);
  const place = deskOf(seat);
  const { entry, kinds, letter: words } = place.words;
  const again = (faults: readonly FormFault[]): Promise<Response> => letterForm(seat, ground, typed, faults);
  if (typed.step === 'change') return again([]);
  const kind = letterKinds.find((each) => each === typed.kind);
  const [only, ...more] = ground.sources;
  const source = more.length === 0 ? only?.value : typed.source;
  if (source === undefined || source === '') return again([{ field: 'source', text: entry.other }]);
  if (kind === undefined) return again([{ field: 'kind', text: kinds.none }]);
  if ((typed.by ?? '') === '') return again([{ field: 'by', text: entry.byNone }]);
  const input = recordPreferenceInput.safeParse({
    ...{ source, ...saidIn(kind, typed) },
    ...Object.fromEntries(detailNames.map((name) => [name, (typed[name] ?? '').trim() || null])),
  });
  if (!input.success) return again([{ field: 'surname', text: entry.other }]);
  const wrong = await checkSaid(seat.service, seat.actor.org, input.data);
  if (wrong !== null) return again([entryFault(place.words, wrong)]);
  if (typed.step !== 'record') {
    const came: Answered = detailNames.flatMap((name) =>
      (typed[name] ?? '').trim() === ''
        ? []
        : [[words[name], name === 'birthDate' ? onDay(typed[name] ?? '') : (typed[name] ?? '')] as const],
    );
    const rows = [...came, ...answersOf(place.words, kind, typed, ground.choices)];
    const shown = {
      action: '/desk/letter',
      back: '/desk',
      rows,
      typed,
      effect: words.lead,
      button: entry.button,
    };
    return show(seat, { title: entry.checkTitle, body: checkBody(place, shown) });
  }
  const answer = await ask(seat, 'record-preference', madeBy(places['record-preference']), () =>
    recordPreference(seat.service, seat.actor, input.data),
  );
  if (answer.kind === 'refused')
    return show(seat, {
      title: words.title,
      body: letterBody(place, ground.sources, ground.choices, typed, []),
      refused: answer,
    });
  const shown = { events: [answer.value.event], next: words.doneNext, post: true, panel: entry.holds };
  return show(seat, { title: entry.done, body: recordedBody(place, shown) });
}

/** Whom it may be of is a look-up of them. */
function lookedAt(seat: Seat): Promise<UnresolvedSeen> {
  const event = seat.c.req.param('event') ?? '';
  return seen(seat, 'find-person', event, () => lookAtUnresolved(seat.service, seat.actor, { event }));
}

async function unresolved(
  seat: Seat,
  found: UnresolvedSeen,
  typed: Typed,
  faults: readonly FormFault[],
): Promise<Response> {
  const place = deskOf(seat);
  const { workspace } = await groundOf(seat, []);
  const { scope } = found.stop;
  const words = scopeText(place.words, workspace, { ...scope, channel: scope.contactChannel });
  const body = unresolvedBody(place, found, words, typed, faults);
  return showStep(seat, { title: place.words.unresolved.one, body }, faults);
}

async function resolve(seat: Seat): Promise<Response> {
  const { service, actor, c } = seat;
  const fields = await c.req.parseBody({ all: true });
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const whose = [fields.whose ?? []].flat().filter((value) => typeof value === 'string');
  const [words, nobody] = [text('words').replaceAll('\r\n', '\n'), text('nobody') === 'yes'];
  const event = c.req.param('event') ?? '';
  const place = deskOf(seat);
  const { unresolved: said } = place.words;
  const faults: FormFault[] = [
    ...(whose.length === 0 && !nobody ? [{ field: 'nobody', text: said.sureNone }] : []),
    ...(whose.length > 0 && nobody ? [{ field: 'nobody', text: said.sureBoth }] : []),
    ...(words.trim() === '' ? [{ field: 'words', text: said.wordsNone }] : []),
  ];
  const typed = { words, nobody: nobody ? 'yes' : '' };
  if (faults.length > 0) return unresolved(seat, await lookedAt(seat), typed, faults);
  const sources = new Set<string>();
  const records: string[] = [];
  let post = true;
  for (const number of whose) {
    const one = await seen(seat, 'find-person', text('lookUp'), () =>
      foundBefore(service, actor, { lookUp: text('lookUp'), number: Number(number) }),
    );
    sources.add(one.source.id);
    records.push(one.record);
    if (await service.state.as(actor.org, (tx) => isSafe(tx, actor.org, one.source.id, one.key)))
      post = false;
  }
  const source = [...sources][0] ?? (await lookedAt(seat)).stop.source;
  const input = resolveEventInput.safeParse({ event, source, records, words });
  if (!input.success || sources.size > 1)
    throw new HttpProblem({
      code: 'input-invalid',
      detail: 'the form was changed on its way; open it again',
    });
  const answer = await ask(seat, 'resolve-event', event, () => resolveEvent(service, actor, input.data));
  if (answer.kind === 'refused') throw new HttpProblem({ code: answer.code, detail: answer.message });
  const { stops } = answer.value;
  const body = recordedBody(place, {
    events: stops.map((stop) => stop.event),
    next: stops.length === 0 ? said.doneNobody : said.doneSome,
    post,
    panel: place.words.entry.holds,
  });
  return show(seat, { title: said.done, body });
}
