/** A request of somebody who was looked for, and is in no record that was found: opened, with its clock, from the look-up itself. */
import { Hono } from 'hono';
import { html } from 'hono/html';
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import { type CaseView, caseKinds } from '../../app/window/case-row.ts';
import { checkSaid } from '../../app/window/check-said.ts';
import { namedField } from '../../app/window/named-field.ts';
import { type OpenedCase, openCase, openCaseInput } from '../../app/window/open-case.ts';
import { ownLookUp } from '../../app/window/own-look-up.ts';
import { stopIn } from '../../app/window/stop-for-nobody.ts';
import { checkBody } from '../../pages/window/desk-entry.ts';
import type { Typed } from '../../pages/window/desk-find.ts';
import { unmatchedBody, unmatchedKindsBody } from '../../pages/window/desk-unmatched.ts';
import type { FormFault, Option } from '../../pages/window/form-parts.ts';
import { places } from '../places.ts';
import { madeBy } from '../subject.ts';
import { answersIn, faultsIn } from './desk-ask-pages.ts';
import { detailNames, detailsCame } from './desk-letter-pages.ts';
import { kindAsked } from './desk-person-pages.ts';
import { entryFault } from './desk-said.ts';
import { atDesk, deskOf } from './desk-seat.ts';
import { type DeskValue, deskValue } from './desk-value.ts';
import { newOnce, sentOnce } from './done-once.ts';
import { ask, type PagesParts, type Seat, seen, sendOn } from './seat.ts';
import { typedFaults } from './typed-faults.ts';
import { showStep, showWords } from './window-seat.ts';

export function deskUnmatchedPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/desk/looked/:lookUp/ask';
  routes.get(
    at,
    atDesk(parts, 'open-case', async (seat) => {
      const path = await lookedAt(seat);
      return form(seat, path, kindAsked(seat), {}, []);
    }),
  );
  routes.post(
    at,
    atDesk(parts, 'open-case', (seat) => sentOnce(seat, (typed) => open(seat, typed))),
  );
  return routes;
}

/** The path, once it is sure that whoever asks has looked, and said why: whom they found is not shown again. */
async function lookedAt(seat: Seat): Promise<string> {
  const asked = seat.c.req.param('lookUp') ?? '';
  const { lookUp } = await seen(seat, 'find-person', asked, () =>
    ownLookUp(seat.service, seat.actor, { lookUp: asked }),
  );
  return `/desk/looked/${encodeURIComponent(lookUp)}/ask`;
}

type CaseKind = CaseView['kind'];
const kindOf = (text: string | undefined): CaseKind | null => caseKinds.find((each) => each === text) ?? null;

/** Of every source, as `source|field`. */
async function fieldsIn(seat: Seat): Promise<readonly Option[]> {
  const { sources } = await readWorkspace(seat.service, seat.actor.org);
  const { capital, detail } = deskOf(seat).words;
  return sources.flatMap((source) =>
    source.fields.map(({ name }) => {
      const plain = capital(detail(namedField(source, name)));
      return { value: `${source.id}|${name}`, text: sources.length === 1 ? plain : `${plain}, ${source.id}` };
    }),
  );
}

async function form(
  seat: Seat,
  path: string,
  asked: string | undefined,
  typed: Typed,
  faults: readonly FormFault[],
): Promise<Response> {
  const place = deskOf(seat);
  const kind = kindOf(asked);
  if (kind === null) {
    const missing = asked === undefined ? [] : [{ field: 'kind', text: place.words.ask.kindNone }];
    const body = unmatchedKindsBody(place, path, missing);
    return showStep(seat, { title: place.words.unmatched.title, body }, missing);
  }
  const fields = kind === 'correction' ? await fieldsIn(seat) : [];
  const body = unmatchedBody(place, path, kind, fields, typed, faults);
  return showStep(seat, { title: place.words.unmatched.title, body }, faults);
}

async function open(seat: Seat, typed: Typed): Promise<Response> {
  const path = await lookedAt(seat);
  const { words } = deskOf(seat);
  const kind = kindOf(typed.kind);
  if (kind === null || typed.step === 'change') return form(seat, path, typed.kind ?? '', typed, []);
  const fields = kind === 'correction' ? await fieldsIn(seat) : [];
  const value = await valueIn(seat, kind, typed);
  const input = openCaseInput.safeParse(inputOf(kind, typed, value));
  const issues = input.success ? [] : input.error.issues.map(ofDetail);
  const lacking = lackingIn(words, typed, fields);
  const wrongValue = value.kind === 'faulty' && lacking.length === 0 ? value.faults : lacking;
  const faults = wrongValue.length > 0 ? wrongValue : typedFaults(words, issues, {});
  const wrong = faults.length > 0 || !input.success ? null : await stopFault(seat, input.data);
  if (!input.success || faults.length > 0 || wrong !== null)
    return form(seat, path, kind, typed, wrong === null ? faults : [wrong]);
  if (typed.step !== 'record') return check(seat, path, typed, fields);
  const answer = await ask<OpenedCase>(seat, 'open-case', madeBy(places['open-case']), () =>
    openCase(seat.service, seat.actor, input.data),
  );
  if (answer.kind === 'done') return sendOn(seat, `/desk/cases/${answer.value.case}`, 'desk-opened');
  const body = unmatchedBody(deskOf(seat), path, kind, fields, typed, []);
  return showWords(seat, { title: words.unmatched.title, body, refused: answer });
}

const stops = (kind: string | undefined): boolean => kind === 'erasure' || kind === 'objection';
const given = (text: string | undefined): string | null =>
  (text ?? '').trim() === '' ? null : (text ?? '').trim();

async function valueIn(seat: Seat, kind: CaseKind, { field: asked, value }: Typed): Promise<DeskValue> {
  const [source = '', field = ''] = (asked ?? '').split('|');
  if (kind !== 'correction') return { kind: 'value', value: '' };
  return deskValue(seat, { source, field, text: value ?? '' });
}

function inputOf(kind: CaseKind, typed: Typed, read: DeskValue): object {
  const [source, field] = (typed.field ?? '').split('|');
  const what = {
    source: given(source),
    field: given(field),
    value: read.kind === 'value' ? read.value : (typed.value ?? '').trim(),
  };
  return {
    ...{ kind, words: given(typed.words), replyTo: given(typed.replyTo) },
    ...(kind === 'correction' ? what : {}),
    details: stops(kind) ? Object.fromEntries(detailNames.map((name) => [name, given(typed[name])])) : null,
    ...{ by: typed.by, signed: given(typed.signed), received: given(typed.received) },
  };
}

/** Each detail has a field of its own. */
const ofDetail = <T extends { readonly path: readonly PropertyKey[] }>(issue: T): T =>
  issue.path[0] === 'details' ? { ...issue, path: issue.path.slice(1) } : issue;

const lackingIn = (
  words: ReturnType<typeof deskOf>['words'],
  typed: Typed,
  fields: readonly Option[],
): readonly FormFault[] => {
  const faults = faultsIn(words, typed, fields);
  if (given(typed.replyTo) !== null) return faults;
  const none = { field: 'replyTo', text: words.unmatched.replyToNone };
  // In the order of the form: how it came is asked last.
  const isLast = ({ field }: FormFault): boolean => field === 'by' || field === 'received';
  return [...faults.filter((each) => !isLast(each)), none, ...faults.filter(isLast)];
};

type Input = ReturnType<typeof openCaseInput.parse>;

/** What the stop that comes with it would be refused for; every source refuses alike. */
async function stopFault(seat: Seat, input: Input): Promise<FormFault | null> {
  const { service, actor } = seat;
  const { details } = input;
  const [source] = (await readWorkspace(service, actor.org)).sources;
  if (details === null || source === undefined) return null;
  const wrong = await checkSaid(service, actor.org, stopIn(source.id, { ...input, details }));
  return wrong === null ? null : entryFault(deskOf(seat).words, wrong);
}

function check(seat: Seat, path: string, typed: Typed, fields: readonly Option[]): Promise<Response> {
  const place = deskOf(seat);
  const { ask: words, unmatched } = place.words;
  const rows = [
    ...answersIn(place.words, typed, fields),
    ...(stops(typed.kind) ? detailsCame(place.words, typed) : []),
    [unmatched.replyTo, html`<span class="typed">${typed.replyTo ?? ''}</span>`] as const,
  ];
  const effect = stops(typed.kind) ? `${unmatched.effect} ${unmatched.effectStop}` : unmatched.effect;
  const shown = { action: path, back: '/desk', rows, typed, effect, button: words.button, once: newOnce() };
  return showWords(seat, { title: words.checkTitle, body: checkBody(place, shown) });
}
