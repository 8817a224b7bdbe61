/** Letters of whom nobody is found: keyed as they came. */
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { z } from 'zod';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import { checkSaid } from '../../app/window/check-said.ts';
import { findSure } from '../../app/window/find-sure.ts';
import { isLetterRecorded } from '../../app/window/letter-recorded.ts';
import type { LookedUp } from '../../app/window/write-look-up.ts';
import {
  type Answered,
  type Choices,
  checkBody,
  letterBody,
  letterKinds,
  recordedBody,
} from '../../pages/window/desk-entry.ts';
import type { DeskPlace, Typed } from '../../pages/window/desk-find.ts';
import { sureBody } from '../../pages/window/desk-sure.ts';
import type { FormFault, Option } from '../../pages/window/form-parts.ts';
import { heldApart } from '../../pages/window/with-name.ts';
import { places } from '../places.ts';
import { madeBy } from '../subject.ts';
import { groundOf } from './desk-choices.ts';
import { answersOf, entryFault, saidIn } from './desk-said.ts';
import { atDesk, deskOf } from './desk-seat.ts';
import { newOnce, sentOnce } from './done-once.ts';
import { receiptsAsked, sendRecorded } from './receipts-asked.ts';
import { ask, type PagesParts, type Seat } from './seat.ts';
import { typedFaults } from './typed-faults.ts';
import { showStep, showWords } from './window-seat.ts';

export function deskLetterPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/desk';
  routes.get(
    `${at}/letter`,
    atDesk(parts, 'record-preference', async (seat) => letterForm(seat, await letterGround(seat), {}, [])),
  );
  routes.post(
    `${at}/letter`,
    atDesk(parts, 'record-preference', (seat) => sentOnce(seat, (typed) => letter(seat, typed))),
  );
  routes.get(`${at}/letter/recorded`, atDesk(parts, 'record-preference', recorded));
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

export const detailNames = ['surname', 'addressLine', 'postcode', 'email', 'phone', 'birthDate'] as const;

async function letter(seat: Seat, typed: Typed): Promise<Response> {
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
  if (!input.success) return again(typedFaults(place.words, input.error.issues, {}));
  const wrong = await checkSaid(seat.service, seat.actor.org, input.data);
  if (wrong !== null) return again([entryFault(place.words, wrong)]);
  if (typed.step !== 'record') {
    const rows = [
      ...detailsCame(place.words, typed),
      ...answersOf(place.words, kind, typed, ground.choices, null),
    ];
    const shown = {
      action: '/desk/letter',
      back: '/desk',
      rows,
      typed,
      button: entry.button,
      once: newOnce(),
    };
    const sure = await sureOf(seat, input.data);
    if (sure === null)
      return showWords(seat, {
        title: entry.checkTitle,
        body: checkBody(place, { ...shown, effect: words.lead }),
      });
    const plain = checkBody(place, { ...shown, effect: words.sureNoneLead });
    return showWords(seat, {
      title: entry.checkTitle,
      body: html`${sureBody(place, sure.looked, typed)}${plain}`,
    });
  }
  const answer = await ask(seat, 'record-preference', madeBy(places['record-preference']), () =>
    recordPreference(seat.service, seat.actor, input.data),
  );
  if (answer.kind === 'done') return sendRecorded(seat, '/desk/letter/recorded', [answer.value.event]);
  const body = letterBody(place, ground.sources, ground.choices, typed, []);
  return showWords(seat, { title: words.title, body, refused: answer });
}

/** Null where it is surely of nobody; `looked` null where who asks may look at nobody more now. */
async function sureOf(
  seat: Seat,
  { source, email, phone, surname, addressLine, postcode, birthDate }: z.output<typeof recordPreferenceInput>,
): Promise<{ readonly looked: LookedUp | null } | null> {
  const details = { email, phone, surname, addressLine, postcode, birthDate };
  const answer = await ask(seat, 'find-person', null, () =>
    findSure(seat.service, seat.actor, { source, details }),
  );
  if (answer.kind === 'refused') return { looked: null };
  return answer.value === null ? null : { looked: answer.value };
}

/** Of a letter that was keyed; whoever asks for what was never recorded is led to the desk. */
async function recorded(seat: Seat): Promise<Response> {
  const place = deskOf(seat);
  const [event] = receiptsAsked(seat);
  const isThere = event !== undefined && (await isLetterRecorded(seat.service, seat.actor, event));
  if (!isThere) return seat.c.redirect(`${seat.home}/desk`, 303);
  const { entry, letter: words } = place.words;
  const receipts = [{ event, what: null }];
  const shown = { receipts, next: words.doneNext, post: true, panel: entry.holds, partly: false };
  return showWords(seat, { title: entry.done, body: recordedBody(place, shown) });
}

/** What was given of them, each under its name. */
export const detailsCame = (words: DeskPlace['words'], typed: Typed): Answered =>
  detailNames.flatMap((name) => {
    const value = typed[name] ?? '';
    const shown = name === 'birthDate' ? words.moment(value) : heldApart(value);
    return value.trim() === '' ? [] : [[words.letter[name], shown] as const];
  });
