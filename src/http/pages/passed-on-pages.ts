/** The pages of what was passed on: the recipient's inbox of it, the delta of a release, and who has answered. */
import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import { ownParty } from '../../app/flow/own-party.ts';
import { done, type Refused } from '../../app/flow/service.ts';
import { acknowledgeManyInput, acknowledgePassedOn } from '../../app/window/acknowledge-passed-on.ts';
import { listAnswers } from '../../app/window/list-answers.ts';
import { listPassedOn } from '../../app/window/list-passed-on.ts';
import { makeDelta } from '../../app/window/make-delta.ts';
import { ownNames } from '../../app/window/own-names.ts';
import { webhooksGivenUp } from '../../app/window/webhooks-given-up.ts';
import {
  answersBody,
  onlyThoseBody,
  type PassedOnFault,
  type PassedOnTyped,
  passedOnBody,
} from '../../pages/window/passed-on.ts';
import { dayOf } from '../../policy/dates.ts';
import type { Words } from '../../words/words.ts';
import { fileResponse } from '../api/render.ts';
import { readTexts } from '../read-form.ts';
import type { FileAnswer } from '../route.ts';
import { hasRecord, showNoRecord } from './no-record.ts';
import { pageAsked } from './page-asked.ts';
import { codesOf } from './party-pages.ts';
import { ask, may, type PagesParts, type Seat, seated, seatedAsEither, seen, sendOn } from './seat.ts';
import { showStep, showWords, wordsOf } from './window-seat.ts';

export function passedOnPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org';
  routes.get(
    `${at}/passed-on`,
    seated(parts, (seat) => list(seat, untouched, null)),
  );
  for (const state of ['refused', 'silent'] as const)
    routes.get(
      `${at}/passed-on/${state}`,
      seated(parts, (seat) => onlyThose(seat, state)),
    );
  routes.get(
    `${at}/passed-on/codes.csv`,
    seated(parts, (seat) => codesOf(seat, ownParty(seat.actor) ?? '')),
  );
  routes.post(`${at}/passed-on/acknowledgement`, seated(parts, acknowledge));
  routes.get(`${at}/releases/:release/delta`, seated(parts, delta));
  routes.get(`${at}/answers`, seatedAsEither(parts, answers));
  return routes;
}

const untouched: PassedOnTyped = { tasks: new Set(), answer: '', words: '', faults: [] };

async function list(seat: Seat, typed: PassedOnTyped, refused: Refused | null): Promise<Response> {
  const { c, service, actor, home } = seat;
  const words = wordsOf(seat);
  const asked = c.req.method === 'GET' ? pageAsked(seat) : { limit: 200 };
  const items = await seen(seat, 'list-passed-on', null, () => listPassedOn(service, actor, asked));
  const body = passedOnBody(words, {
    ...{ home, items, typed, mayAnswer: may(seat, 'acknowledge-passed-on') },
    givenUp: await webhooksGivenUp(service, actor),
  });
  return showStep(seat, { title: words.passedOn.title, body, refused }, typed.faults);
}

/** What the officer has to see to: nothing is answered here. */
async function onlyThose(seat: Seat, state: 'refused' | 'silent'): Promise<Response> {
  const { service, actor, home } = seat;
  const words = wordsOf(seat);
  const items = await seen(seat, 'list-passed-on', null, () =>
    listPassedOn(service, actor, { ...pageAsked(seat), state }),
  );
  const body = onlyThoseBody(words, { home, items, state, ends: may(seat, 'terminate-agreement') });
  return showWords(seat, { title: words.passedOn[state].title, body });
}

async function acknowledge(seat: Seat): Promise<Response> {
  const { c, service, actor } = seat;
  const words = wordsOf(seat).passedOn;
  const typed = await typedIn(c);
  const faults: PassedOnFault[] = [];
  if (typed.tasks.size === 0) faults.push({ field: 'tasks', text: words.chooseFirst });
  if (typed.answer === '') faults.push({ field: 'answer', text: words.answerFirst });
  if (typed.answer === 'refused' && typed.words.trim() === '')
    faults.push({ field: 'words', text: words.wordsFirst });
  const given = typed.answer === 'refused' ? typed.words : null;
  const input = acknowledgeManyInput.safeParse({
    ...{ tasks: [...typed.tasks], answer: typed.answer, words: given },
  });
  const all = [...faults, ...(input.success ? [] : faultsIn(words, input.error.issues, faults))];
  if (all.length > 0 || !input.success) return list(seat, { ...typed, faults: all }, null);
  const answer = await ask(seat, 'acknowledge-passed-on', [...typed.tasks][0] ?? null, () =>
    acknowledgePassedOn(service, actor, input.data),
  );
  return answer.kind === 'refused'
    ? list(seat, typed, answer)
    : sendOn(seat, '/passed-on', 'passed-on-answered');
}

/** Of what nothing was said yet. */
function faultsIn(
  words: Words['passedOn'],
  issues: readonly z.core.$ZodIssue[],
  said: readonly PassedOnFault[],
): readonly PassedOnFault[] {
  const texts = { tasks: words.chooseFewer, answer: words.answerFirst, words: words.wordsFewer } as const;
  const fields = new Set(issues.map(({ path }) => path[0]));
  return (['tasks', 'answer', 'words'] as const)
    .filter((field) => fields.has(field) && !said.some((fault) => fault.field === field))
    .map((field) => ({ field, text: texts[field] }));
}

async function typedIn(c: Context): Promise<PassedOnTyped> {
  const body = await readTexts(c);
  return {
    tasks: new Set(body.get('task')),
    answer: body.get('answer')?.[0] ?? '',
    words: body.get('words')?.[0] ?? '',
    faults: [],
  };
}

async function delta(seat: Seat): Promise<Response> {
  const release = seat.c.req.param('release') ?? '';
  const file = await seen(seat, 'make-delta', release, () =>
    makeDelta(seat.service, seat.actor, { release }),
  );
  return fileResponse(seat.c.req.raw, file as FileAnswer);
}

async function answers(seat: Seat): Promise<Response> {
  const { service, actor, name, home } = seat;
  const words = wordsOf(seat);
  const { items } = await seen(seat, 'list-answers', null, () => listAnswers(service, actor, {}));
  if (actor.kind === 'member' && items.length === 0 && !(await hasRecord({ ...seat, actor })))
    return showNoRecord({ ...seat, actor });
  const today = dayOf(service.now().getTime());
  const records =
    actor.kind !== 'member' || items.length === 0
      ? []
      : await seen(seat, 'show-details', null, async () => done(await ownNames(service, actor)));
  return showWords(seat, {
    title: words.passedOn.answersTitle,
    body: answersBody(words, { home, club: name, items, today, records }),
  });
}
