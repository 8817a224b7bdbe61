/** The page of one party that things are passed on to: the file to send it, and what it answered in another way than here. */
import { type Context, Hono } from 'hono';
import type { Refused } from '../../app/flow/service.ts';
import { enterAnswer, enterAnswerInput } from '../../app/window/enter-answer.ts';
import { listPassedOn } from '../../app/window/list-passed-on.ts';
import { makeCodes } from '../../app/window/make-codes.ts';
import { showParty } from '../../app/window/show-party.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import { type PartyTyped, partyBody } from '../../pages/window/party-answers.ts';
import type { Words } from '../../words/words.ts';
import { fileResponse } from '../api/render.ts';
import { readTexts } from '../read-form.ts';
import { pageAt } from './page-asked.ts';
import { ask, may, type PagesParts, type Seat, seated, seen, sendOn } from './seat.ts';
import { showStep, wordsOf } from './window-seat.ts';

export function partyPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/passed-on/of/:party';
  routes.get(
    at,
    seated(parts, (seat) =>
      party(seat, { ...untouched, cursor: seat.c.req.query('cursor') ?? '' }, [], null),
    ),
  );
  routes.get(
    `${at}/codes.csv`,
    seated(parts, (seat) => codesOf(seat, partyOf(seat))),
  );
  routes.post(`${at}/answers`, seated(parts, enter));
  return routes;
}

const partyOf = ({ c }: Seat): string => c.req.param('party') ?? '';

export async function codesOf(seat: Seat, party: string): Promise<Response> {
  const file = await seen(seat, 'make-codes', party, () => makeCodes(seat.service, seat.actor, { party }));
  return fileResponse(seat.c.req.raw, file);
}

const untouched: PartyTyped = {
  tasks: new Set(),
  upTo: '',
  cursor: '',
  answer: '',
  words: '',
  by: '',
  on: '',
};

async function party(
  seat: Seat,
  typed: PartyTyped,
  faults: readonly FormFault[],
  refused: Refused | null,
): Promise<Response> {
  const { service, actor, home } = seat;
  const words = wordsOf(seat);
  const id = partyOf(seat);
  const known = await seen(seat, 'list-passed-on', id, () => showParty(service, actor, id));
  const asked = pageAt(typed.cursor === '' ? undefined : typed.cursor);
  const items = await seen(seat, 'list-passed-on', id, () =>
    listPassedOn(service, actor, { ...asked, party: id }),
  );
  const mayEnter = may(seat, 'enter-answer');
  const body = partyBody(words, { home, party: id, ...known, items, mayEnter, typed, faults });
  return showStep(seat, { title: words.passedOn.party.title, body, refused }, faults);
}

async function enter(seat: Seat): Promise<Response> {
  const { c, service, actor } = seat;
  const words = wordsOf(seat).passedOn.party;
  const { typed, allTheSame } = await typedIn(c);
  const input = enterAnswerInput.safeParse({
    ...{ answer: typed.answer, by: typed.by, on: typed.on, party: partyOf(seat), allTheSame },
    ...(typed.upTo === '' || typed.tasks.size > 0 ? { tasks: [...typed.tasks] } : {}),
    ...(typed.upTo === '' ? {} : { upTo: typed.upTo }),
    words: typed.answer === 'refused' ? typed.words : null,
  });
  if (!input.success) {
    const wrong = new Set(input.error.issues.map(({ path: [field] }) => String(field)));
    if (typed.upTo !== '' && typed.tasks.size > 0) wrong.add('upTo');
    return party(seat, typed, faultsIn(words, wrong, typed), null);
  }
  const about = input.data.tasks?.[0] ?? partyOf(seat);
  const answer = await ask(seat, 'enter-answer', about, () => enterAnswer(service, actor, input.data));
  if (answer.kind === 'done')
    return sendOn(seat, `/passed-on/of/${encodeURIComponent(partyOf(seat))}`, 'answer-entered');
  const fault = fieldAtFault(answer.code, typed);
  return fault === null
    ? party(seat, typed, [], answer)
    : party(seat, typed, faultsIn(words, new Set([fault]), typed), null);
}

function fieldAtFault(code: Refused['code'], { upTo }: PartyTyped): string | null {
  if (code === 'wrong-state') return 'allTheSame';
  if (code === 'input-invalid') return 'on';
  return code === 'not-found' && upTo !== '' ? 'upTo' : null;
}

/** In the order of the form. */
function faultsIn(
  words: Words['passedOn']['party'],
  wrong: ReadonlySet<string>,
  { tasks }: PartyTyped,
): readonly FormFault[] {
  const texts = {
    tasks: tasks.size === 0 ? words.chooseFirst : words.chooseFewer,
    upTo: tasks.size === 0 ? words.nothingOpen : words.chooseOne,
    ...{ answer: words.answerFirst, words: words.wordsFirst, by: words.byFirst, on: words.onWrong },
    allTheSame: words.sameFirst,
  };
  return Object.entries(texts).flatMap(([field, text]) => (wrong.has(field) ? [{ field, text }] : []));
}

async function typedIn(c: Context): Promise<{ readonly typed: PartyTyped; readonly allTheSame: boolean }> {
  const body = await readTexts(c);
  const one = (name: string): string => body.get(name)?.[0] ?? '';
  const shown = { upTo: one('upTo'), cursor: one('cursor') };
  const typed = { ...shown, answer: one('answer'), words: one('words'), by: one('by'), on: one('on') };
  return {
    typed: { ...typed, tasks: new Set(body.get('task')?.filter((id) => id !== '')) },
    allTheSame: one('allTheSame') === 'yes',
  };
}
