/** A request as the staff work on it. */
import { Hono } from 'hono';
import type { z } from 'zod';
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import type { Refused } from '../../app/flow/service.ts';
import { isSeen } from '../../app/flow/words-given.ts';
import { answerCase, answerCaseInput } from '../../app/window/answer-case.ts';
import { type EndedCase, endCase, endCaseInput } from '../../app/window/end-case.ts';
import { namedField } from '../../app/window/named-field.ts';
import { type ShownCase, showCase } from '../../app/window/show-case.ts';
import { caseDeeds, type DeskDeed, deskCaseBody, endedBody } from '../../pages/window/desk-case.ts';
import type { Typed } from '../../pages/window/desk-find.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import { safeError } from '../problem-of-error.ts';
import { HttpProblem } from '../problems.ts';
import { atDesk, deskOf } from './desk-seat.ts';
import { namesOf } from './names-of.ts';
import { ask, fieldsOf, may, type PagesParts, type Seat, seen, sendOn } from './seat.ts';
import { typedFaults } from './typed-faults.ts';
import { showStep, showWords } from './window-seat.ts';

export function deskCasePages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/desk/cases/:case';
  routes.get(
    at,
    atDesk(parts, 'show-case', (seat) => one(seat, {}, [], null)),
  );
  routes.post(at, atDesk(parts, 'answer-case', deed));
  return routes;
}

const idOf = ({ c }: Seat): string => c.req.param('case') ?? '';

async function one(
  seat: Seat,
  typed: Typed,
  faults: readonly FormFault[],
  refusal: Refused | null,
): Promise<Response> {
  const { service, actor } = seat;
  const place = deskOf(seat);
  const shown = await seen(seat, 'show-case', idOf(seat), () =>
    showCase(service, actor, { case: idOf(seat) }),
  );
  const body = deskCaseBody(place, {
    ...{ one: shown, typed, faults, label: await labelsOf(seat, shown) },
    may: {
      ...{ answer: may(seat, 'answer-case'), end: may(seat, 'end-case') },
      receipt: may(seat, 'read-receipt'),
      find: may(seat, 'find-person'),
    },
    nameOf: await namesOf(
      service,
      shown.steps.flatMap(({ by }) => by ?? []),
      place.words.keyOf,
    ),
  });
  return showStep(seat, { title: place.words.one.title(shown.number), body, refused: refusal }, faults);
}

async function labelsOf(seat: Seat, { source: id }: ShownCase): Promise<(field: string) => string> {
  const { sources } = await readWorkspace(seat.service, seat.actor.org);
  const source = sources.find((each) => each.id === id);
  const { capital, detail } = deskOf(seat).words;
  return (name) => (source === undefined ? name : capital(detail(namedField(source, name))));
}

async function deed(seat: Seat): Promise<Response> {
  const typed = await fieldsOf(seat.c);
  const { words: text } = deskOf(seat);
  const asked = [...caseDeeds, 'end' as const].find((each) => each === typed.deed);
  if (asked === undefined)
    throw new HttpProblem({ code: 'input-invalid', detail: 'the form says nothing to do' });
  const words = (typed[`words-${asked}`] ?? '').trim();
  const faults: FormFault[] = [
    ...(asked === 'end' && typed.outcome !== 'done' && typed.outcome !== 'refused'
      ? [{ field: 'outcome', text: text.one.outcomeNone }]
      : []),
    ...(asked !== 'acknowledged' && !isSeen(words)
      ? [{ field: `words-${asked}`, text: text.one.wordsNone }]
      : []),
  ];
  if (faults.length > 0) return one(seat, typed, faults, null);
  if (asked === 'end') return end(seat, typed, words);
  const input = answerCaseInput.safeParse({
    ...{ case: idOf(seat), version: Number(typed.version), deed: asked, words: words === '' ? null : words },
  });
  if (!input.success) return again(seat, typed, asked, input.error.issues);
  const answer = await ask(seat, 'answer-case', idOf(seat), () =>
    answerCase(seat.service, seat.actor, input.data),
  );
  return answer.kind === 'refused'
    ? one(seat, typed, [], answer)
    : sendOn(seat, `/desk/cases/${idOf(seat)}`, 'desk-noted');
}

/** What is wrong with the words is said beside them, and they stay. Throws HttpProblem where anything else is. */
function again(
  seat: Seat,
  typed: Typed,
  asked: DeskDeed,
  issues: readonly z.core.$ZodIssue[],
): Promise<Response> {
  const { words } = deskOf(seat);
  if (issues.some(({ path }) => path[0] !== 'words'))
    throw new HttpProblem({ code: 'input-invalid', detail: 'the form was changed on its way' });
  const faults = typedFaults(words, issues, { words: words.one.wordsNone });
  return one(
    seat,
    typed,
    faults.map(({ text }) => ({ field: `words-${asked}`, text })),
    null,
  );
}

async function end(seat: Seat, typed: Typed, words: string): Promise<Response> {
  const input = endCaseInput.safeParse({
    ...{ case: idOf(seat), version: Number(typed.version), outcome: typed.outcome, words },
  });
  if (!input.success) return again(seat, typed, 'end', input.error.issues);
  const answer = await ask<EndedCase>(seat, 'end-case', idOf(seat), () =>
    endCase(seat.service, seat.actor, input.data),
  );
  if (answer.kind === 'refused') return one(seat, typed, [], answer);
  const { number, leftToDo = [], mailed } = answer.value;
  const place = deskOf(seat);
  const shown = await shownAfter(seat);
  // It has ended, and may not read as if it had not: the request says what is left, once it can be shown.
  if (shown === null) return sendOn(seat, `/desk/cases/${idOf(seat)}`, 'desk-noted');
  const { isUnmatched, replyTo, addressHeld } = shown;
  return showWords(seat, {
    title: place.words.one.title(number),
    body: endedBody(place, {
      ...{ request: idOf(seat), leftToDo, mailed, addressHeld },
      replyTo: isUnmatched ? replyTo : null,
    }),
  });
}

/** Null where it cannot be shown now. */
async function shownAfter(seat: Seat): Promise<ShownCase | null> {
  try {
    return await seen(seat, 'show-case', idOf(seat), () =>
      showCase(seat.service, seat.actor, { case: idOf(seat) }),
    );
  } catch (error) {
    seat.service.log.error({ fault: safeError(error) }, 'a request that ended could not be shown');
    return null;
  }
}
