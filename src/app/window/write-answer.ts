/** What a party says it did with what was passed on to it, written down: by itself, or by staff as it told them. */
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import type { CivilDate } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { CameBy, PassedOnAnswer } from '../../store/postgres/tables.ts';
import { stillHeld } from '../flow/overdue-passed-on.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from '../flow/service.ts';
import { type PassedOnRow, passedOnView, seesCorrection, viewOfPassedOn } from './list-passed-on.ts';

export const answerSaid = {
  answer: z.enum(['done', 'not-held', 'refused']),
  /** Why it is refused; no names, and nothing of whom it is about. */
  words: z.string().trim().min(1).max(1_000).nullable().default(null),
};
export const tasksAnswered = z.array(z.string().min(1).max(100)).min(1).max(500);
export const acknowledgedView = z.object({ items: z.array(passedOnView) }).meta({ id: 'Acknowledged' });
export type Acknowledged = { readonly items: readonly z.output<typeof passedOnView>[] };

export type AnswerGiven = {
  readonly party: string;
  readonly tasks: readonly string[];
  readonly answer: PassedOnAnswer;
  readonly words: string | null;
  /** How the party told staff, who enter it; null where it answers itself. */
  readonly came: { readonly by: CameBy; readonly on: CivilDate } | null;
};

/**
 * All of them, or none. Refuses `not-found` for what is not of the party, `already-done` for what it answered otherwise itself,
 * `input-invalid` for a refusal without words, and what `bar` refuses. What it refused may be answered again, and what staff
 * entered as well; the same answer twice is one, and what a party said itself is not overwritten with the same.
 */
export async function writeAnswer(
  service: Service,
  actor: Actor,
  given: AnswerGiven,
  bar: (tx: Tx, rows: readonly PassedOnRow[]) => Promise<Refused | null>,
): Promise<Answer<Acknowledged>> {
  const { party, tasks } = given;
  const wordless = refusedWordless(given);
  if (wordless !== null) return wordless;
  const now = service.now();
  return service.state.as(actor.org, async (tx) => {
    const rows = await lock(tx, actor.org, party, [...new Set(tasks)]);
    if (rows.length !== new Set(tasks).size)
      return refused('not-found', `nothing of that id was passed on to ${party}`);
    const fault = (await bar(tx, rows)) ?? settledFault(rows, given);
    if (fault !== null) return fault;
    const changed = new Set(rows.filter((row) => changes(row, given)).map(({ id }) => id));
    const change = changeOf(actor, given, now);
    if (changed.size > 0)
      await tx
        .updateTable('passed_on')
        .set(change)
        .where('org', '=', actor.org)
        .where('id', 'in', [...changed])
        .execute();
    const today = dayOf(now.getTime());
    const items = rows.map((row) =>
      viewOfPassedOn(changed.has(row.id) ? { ...row, ...change } : row, today, seesCorrection(actor)),
    );
    return done({ items });
  });
}

type Said = Omit<AnswerGiven, 'tasks'>;

export const refusedWordless = ({ answer, words }: Said): Refused | null =>
  answer === 'refused' && words === null ? refused('input-invalid', 'say in words why it is refused') : null;

/** The columns of a task that an answer sets. */
export function changeOf(actor: Actor, { answer, words, came }: Said, now: Date) {
  const by = { acknowledged_at: now, acknowledged_by: `${actor.kind}:${actor.id}` };
  return { ...by, answer, words, came_by: came?.by ?? null, came_on: came?.on ?? null };
}

/** In one order, so that two who answer at once wait for one another. */
const lock = (
  tx: Tx,
  org: string,
  party: string,
  tasks: readonly string[],
): Promise<readonly PassedOnRow[]> =>
  tx
    .selectFrom('passed_on')
    .selectAll()
    .select(stillHeld.as('held'))
    .where('org', '=', org)
    .where('party', '=', party)
    .where('id', 'in', [...tasks])
    .orderBy('id')
    .forUpdate('passed_on')
    .execute();

/** A party's own word settles it; what staff entered, it or they may put right. */
function settledFault(rows: readonly PassedOnRow[], { answer }: AnswerGiven): Refused | null {
  const settled = rows.find(
    (row) => row.answer !== null && row.answer !== 'refused' && row.answer !== answer && row.came_by === null,
  );
  return settled === undefined
    ? null
    : refused('already-done', `${settled.code} was answered already, with "${settled.answer}"`);
}

function changes(row: PassedOnRow, { answer, words, came }: AnswerGiven): boolean {
  if (row.answer !== answer) return true;
  if (came !== null && row.came_by === null) return false;
  return row.words !== words || row.came_by !== (came?.by ?? null) || row.came_on !== (came?.on ?? null);
}
