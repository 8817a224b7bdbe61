/**
 * What is done with a case before it ends: it is acknowledged, the person is asked something they alone know, they answer,
 * more time is taken with the reason, something is noted. The clock of a copy stands while a needed answer is waited for.
 */
import { z } from 'zod';
import { addPeriod, dayOf } from '../../policy/dates.ts';
import type { CivilDate } from '../../policy/model.ts';
import { commit } from '../flow/change-documents.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from '../flow/service.ts';
import { type CaseRow, caseView, clockOfCase, viewOfCase } from './case-row.ts';
import { changeCase, contactOf, noSuchCase } from './change-case.ts';
import { dueOn, isMonthly, mayExtend, stoodFor } from './clocks.ts';
import { keysOf, visibleCase } from './visible-case.ts';

const deeds = ['acknowledged', 'asked', 'answered', 'extended', 'note'] as const;
export const answerCaseInput = z.strictObject({
  case: z.string().max(100),
  version: z.int().min(0),
  deed: z.enum(deeds),
  /** The person can read them. Needed for all but an acknowledgement. */
  words: z
    .string()
    .trim()
    .max(4000)
    .refine((text) => text.isWellFormed())
    .nullable()
    .default(null),
});
type Input = z.output<typeof answerCaseInput>;
export const answeredCaseView = caseView.extend({ mailed: z.boolean() }).meta({ id: 'AnsweredCase' });

/** Refuses `not-found`, `not-allowed`, `input-invalid`, `changed-meanwhile`, `wrong-state`, `already-done`. */
export async function answerCase(
  service: Service,
  actor: Actor,
  { case: id, version, deed, words }: Input,
): Promise<Answer<z.output<typeof answeredCaseView>>> {
  if (actor.kind === 'member' && deed !== 'answered' && deed !== 'note')
    return refused('not-allowed', 'that is for the staff to say');
  if (deed !== 'acknowledged' && (words ?? '') === '') return refused('input-invalid', 'say it, in words');
  const own = await keysOf(service, actor);
  const row = await service.state.as(actor.org, (tx) => visibleCase(tx, actor.org, own, id));
  if (row === null) return noSuchCase;
  const contact = deed === 'note' || deed === 'answered' ? null : await contactOf(service, row);
  const now = service.now();
  const said = words === '' ? null : words;
  const changed = await commit(service, actor.org, (tx) =>
    changeCase(tx, service, actor, {
      ...{ id, version, deed, words: said, contact },
      set: (found) => changeBy(found, deed, now),
    }),
  );
  if (changed === null) return noSuchCase;
  if (changed.kind === 'refused') return changed;
  return done({ ...viewOfCase(changed.value.row, dayOf(now.getTime())), mailed: changed.value.mailed });
}

function changeBy(row: CaseRow, deed: Input['deed'], now: Date): Partial<CaseRow> | Refused {
  const today = dayOf(now.getTime());
  switch (deed) {
    case 'acknowledged':
      return row.acknowledged_at === null
        ? { acknowledged_at: now }
        : refused('already-done', 'it was acknowledged before');
    case 'asked':
      return row.state === 'open'
        ? { state: 'waiting', waiting_since: now }
        : refused('wrong-state', 'the person was asked before, and has not answered yet');
    case 'answered':
      return row.waiting_since === null
        ? refused('wrong-state', 'nothing was asked that waits for an answer')
        : goesOn(row, today, row.waiting_since);
    case 'extended':
      return mayExtend(clockOfCase(row, today), today)
        ? { extended: true, due_on: dueOn({ ...clockOfCase(row, null), extended: true }) }
        : refused('wrong-state', notExtensible(row));
    case 'note':
      return {};
  }
}

const goesOn = (row: CaseRow, today: CivilDate, since: Date): Partial<CaseRow> => ({
  ...{ state: 'open', waiting_since: null },
  due_on: addPeriod(row.due_on, { months: 0, days: stoodFor(row.kind, dayOf(since.getTime()), today) }),
});

function notExtensible({ kind, extended }: CaseRow): string {
  if (!isMonthly(kind)) return 'the law gives no more time for this';
  return extended
    ? 'it was given more time before: once only'
    : 'more time is taken within the first month, or not at all';
}
