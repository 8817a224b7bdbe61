/** Where each request stands: a member's own; staff see all, and work on them at their desk. */
import { Hono } from 'hono';
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import { type Answer, done, type Refused } from '../../app/flow/service.ts';
import { answerCase, answerCaseInput } from '../../app/window/answer-case.ts';
import { copyDetails, copyDetailsInput } from '../../app/window/copy-details.ts';
import { listCases } from '../../app/window/list-cases.ts';
import { namedField } from '../../app/window/named-field.ts';
import { ownNames } from '../../app/window/own-names.ts';
import { type ShownCase, showCase } from '../../app/window/show-case.ts';
import { caseBody, casesBody } from '../../pages/window/cases.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import { type Whose, whoseOf } from '../../pages/window/whose.ts';
import { fileResponse } from '../api/render.ts';
import { hasRecord, showNoRecord } from './no-record.ts';
import { pageAsked } from './page-asked.ts';
import { nothing } from './say-own.ts';
import { ask, fieldsOf, type PagesParts, type Seat, seatedAsEither, seen, sendOn } from './seat.ts';
import { placeOf, showStep, showWords, wordsOf } from './window-seat.ts';

export function casePages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/cases';
  routes.get(at, seatedAsEither(parts, list));
  routes.get(
    `${at}/:case`,
    seatedAsEither(parts, (seat) => one(seat, null, [], '')),
  );
  routes.post(`${at}/:case`, seatedAsEither(parts, say));
  routes.get('/organisations/:org/copy/:form', seatedAsEither(parts, copy));
  return routes;
}

async function list(seat: Seat): Promise<Response> {
  const { words, home } = placeOf(seat);
  const { actor } = seat;
  // What the staff work on is at their desk.
  if (actor.kind !== 'member') return seat.c.redirect(`${home}/desk/cases`, 303);
  const { items, next } = await seen(seat, 'list-cases', null, () =>
    listCases(seat.service, seat.actor, pageAsked(seat)),
  );
  if (items.length === 0 && !(await hasRecord({ ...seat, actor }))) return showNoRecord({ ...seat, actor });
  const records = items.length === 0 ? [] : await ownIn({ ...seat, actor });
  const { number } = wordsOf(seat).details.whose;
  const body = casesBody({ words, home, cases: items, next, records, number });
  return showWords(seat, { title: words.list.title, body });
}

const idOf = ({ c }: Seat): string => c.req.param('case') ?? '';

async function one(
  seat: Seat,
  refusal: Refused | null,
  faults: readonly FormFault[],
  typed: string,
): Promise<Response> {
  const { words, home, club } = placeOf(seat);
  const { number } = wordsOf(seat).details.whose;
  const shown = await seen(seat, 'show-case', idOf(seat), () =>
    showCase(seat.service, seat.actor, { case: idOf(seat) }),
  );
  const body = caseBody({
    ...{ words, home, club, one: shown, faults, typed },
    own: seat.actor.kind === 'member',
    warning: shown.safe && seat.actor.kind !== 'member' ? wordsOf(seat).desk.person.safe : null,
    label: await labelsOf(seat, shown),
    whose: shown.ofOwn === null ? null : whoseOf(number, await ownIn(seat), shown.ofOwn),
  });
  return showStep(seat, { title: words.one.title(shown.number), body, refused: refusal }, faults);
}

/** Of a member their own records, by the numbers that pages know them by. */
async function ownIn(seat: Seat): Promise<readonly Whose[]> {
  const { service, actor } = seat;
  if (actor.kind !== 'member') return [];
  return seen(seat, 'show-details', null, async () => done(await ownNames(service, actor)));
}

/** The fields of its source in plain words. */
async function labelsOf(seat: Seat, { source }: ShownCase): Promise<(field: string) => string> {
  const { sources } = await readWorkspace(seat.service, seat.actor.org);
  const found = sources.find(({ id }) => id === source);
  const { capital, detail } = wordsOf(seat).cases;
  return (name) => (found === undefined ? name : capital(detail(namedField(found, name))));
}

async function say(seat: Seat): Promise<Response> {
  const { words } = placeOf(seat);
  const { version, deed, words: typed = '' } = await fieldsOf(seat.c);
  if (typed.trim() === '' || typed.length > 4000) {
    const text = typed.trim() === '' ? words.one.replyNone : words.complain.tooLong;
    return one(seat, null, [{ field: 'words', text }], typed);
  }
  const input = answerCaseInput.safeParse({ case: idOf(seat), version: Number(version), deed, words: typed });
  if (!input.success || (deed !== 'answered' && deed !== 'note')) throw nothing();
  const answer: Answer<unknown> = await ask(seat, 'answer-case', idOf(seat), () =>
    answerCase(seat.service, seat.actor, input.data),
  );
  return answer.kind === 'refused'
    ? one(seat, answer, [], typed)
    : sendOn(seat, `/cases/${idOf(seat)}`, 'case-said');
}

/** At once, as a file. */
async function copy(seat: Seat): Promise<Response> {
  const input = copyDetailsInput.safeParse({
    format: seat.c.req.param('form'),
    case: seat.c.req.query('case') ?? null,
  });
  if (!input.success) throw nothing();
  const file = await seen(seat, 'copy-details', input.data.case, () =>
    copyDetails(seat.service, seat.actor, input.data, wordsOf(seat)),
  );
  return fileResponse(seat.c.req.raw, file);
}
