/** A request that came by telephone, letter or e-mail: opened for somebody that was found, on the day it was received. */
import { Hono } from 'hono';
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import { isName } from '../../app/window/fields-held.ts';
import { namedField } from '../../app/window/named-field.ts';
import { type OpenedCase, openCase, openCaseInput } from '../../app/window/open-case.ts';
import type { PersonFound } from '../../app/window/person-found.ts';
import { type Answered, askBody, checkBody } from '../../pages/window/desk-entry.ts';
import type { DeskPlace, Typed } from '../../pages/window/desk-find.ts';
import type { FormFault, Option } from '../../pages/window/form-parts.ts';
import { heldApart } from '../../pages/window/with-name.ts';
import { receivedByItself } from '../../policy/preference-event.ts';
import { places } from '../places.ts';
import { madeBy } from '../subject.ts';
import { foundAt, pathOf } from './desk-person-pages.ts';
import { howAnswers } from './desk-said.ts';
import { atDesk, deskOf } from './desk-seat.ts';
import { deskValue } from './desk-value.ts';
import { newOnce, sentOnce } from './done-once.ts';
import { ask, type PagesParts, type Seat, sendOn } from './seat.ts';
import { typedFaults } from './typed-faults.ts';
import { showStep, showWords } from './window-seat.ts';

export function deskAskPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/desk/found/:lookUp/:number/ask';
  routes.get(
    at,
    atDesk(parts, 'open-case', async (seat) => form(seat, await fieldsAt(seat, await foundAt(seat)), {}, [])),
  );
  routes.post(
    at,
    atDesk(parts, 'open-case', (seat) => sentOnce(seat, (typed) => open(seat, typed))),
  );
  return routes;
}

/** Of the person's source, in plain words. */
async function fieldsAt(seat: Seat, { person }: PersonFound): Promise<readonly Option[]> {
  const { sources } = await readWorkspace(seat.service, seat.actor.org);
  const source = sources.find(({ id }) => id === person.source);
  const { capital, detail } = deskOf(seat).words;
  return (source?.fields ?? []).flatMap(({ name }) =>
    source === undefined ? [] : [{ value: name, text: capital(detail(namedField(source, name))) }],
  );
}

function form(
  seat: Seat,
  fields: readonly Option[],
  typed: Typed,
  faults: readonly FormFault[],
): Promise<Response> {
  const place = deskOf(seat);
  return showStep(
    seat,
    { title: place.words.ask.title, body: askBody(place, pathOf(seat), fields, typed, faults) },
    faults,
  );
}

async function open(seat: Seat, typed: Typed): Promise<Response> {
  const found = await foundAt(seat);
  const fields = await fieldsAt(seat, found);
  const place = deskOf(seat);
  if (typed.step === 'change') return form(seat, fields, typed, []);
  const faults = faultsIn(place.words, typed, fields);
  if (faults.length > 0) return form(seat, fields, typed, faults);
  const given = (name: string): string | null =>
    (typed[name] ?? '').trim() === '' ? null : (typed[name] ?? '').trim();
  const corrects = typed.kind === 'correction';
  const { source } = found.person;
  const asked = { source, field: typed.field ?? '', text: typed.value ?? '' };
  const value = corrects ? await deskValue(seat, asked) : null;
  if (value?.kind === 'faulty') return form(seat, fields, typed, value.faults);
  const input = openCaseInput.safeParse({
    ...{ kind: typed.kind, source: found.person.source, person: found.person.record, words: given('words') },
    ...{ field: corrects ? given('field') : null, value: value?.value ?? null },
    ...{ by: typed.by, signed: given('signed'), received: given('received') },
  });
  if (!input.success) return form(seat, fields, typed, typedFaults(place.words, input.error.issues, {}));
  if (typed.step !== 'record') {
    const { ask: words } = place.words;
    const at = pathOf(seat);
    const rows = answersIn(place.words, await withoutName(seat, found, typed), fields);
    const shown = {
      action: `${at}/ask`,
      back: '/desk',
      rows,
      typed,
      effect: words.effect,
      button: words.button,
      once: newOnce(),
    };
    return showWords(seat, { title: words.checkTitle, body: checkBody(place, shown) });
  }
  const answer = await ask<OpenedCase>(seat, 'open-case', madeBy(places['open-case']), () =>
    openCase(seat.service, seat.actor, input.data),
  );
  if (answer.kind === 'done') return sendOn(seat, `/desk/cases/${answer.value.case}`, 'desk-opened');
  const body = askBody(place, pathOf(seat), fields, typed, []);
  return showWords(seat, { title: place.words.ask.title, body, refused: answer });
}

/** Of who stays out of sight the new name stands in its field alone. */
async function withoutName(seat: Seat, { person }: PersonFound, typed: Typed): Promise<Typed> {
  const { sources } = await readWorkspace(seat.service, seat.actor.org);
  const source = sources.find(({ id }) => id === person.source);
  const isNamed = source === undefined || isName(source, typed.field ?? '');
  return person.safe && isNamed && (typed.value ?? '').trim() !== '' ? { ...typed, value: '•••' } : typed;
}

/** What the form lacks. */
export function faultsIn(
  words: DeskPlace['words'],
  typed: Typed,
  fields: readonly Option[],
): readonly FormFault[] {
  const { ask: own, entry } = words;
  const empty = (name: string): boolean => (typed[name] ?? '').trim() === '';
  const faults: FormFault[] = [];
  if (!Object.hasOwn(words.asked, typed.kind ?? '')) faults.push({ field: 'kind', text: own.kindNone });
  if ((typed.kind === 'complaint' || typed.kind === 'objection') && empty('words'))
    faults.push({ field: 'words', text: own.wordsNone });
  if (typed.kind === 'correction' && !fields.some(({ value }) => value === typed.field))
    faults.push({ field: 'field', text: own.fieldNone });
  if (empty('by')) faults.push({ field: 'by', text: entry.byNone });
  else if (!receivedByItself.has(typed.by ?? '') && empty('received'))
    faults.push({ field: 'received', text: own.receivedNone });
  return faults;
}

export function answersIn(words: DeskPlace['words'], typed: Typed, fields: readonly Option[]): Answered {
  const { labels } = words.ask;
  const kind = Object.entries(words.asked).find(([name]) => name === typed.kind)?.[1] ?? '';
  const corrects = typed.kind === 'correction';
  return [
    [labels.kind, kind],
    ...((typed.words ?? '').trim() === '' ? [] : [[labels.words, heldApart(typed.words ?? '')] as const]),
    ...(corrects
      ? [
          [labels.field, fields.find(({ value }) => value === typed.field)?.text ?? ''] as const,
          [labels.value, heldApart(typed.value ?? '')] as const,
        ]
      : []),
    ...howAnswers(words, typed),
  ];
}
