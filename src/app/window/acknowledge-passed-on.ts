/** A recipient says what it did with what was passed on to it: shown as its claim, as an attestation is. */
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { stillHeld } from '../flow/overdue-passed-on.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from '../flow/service.ts';
import { type PassedOnRow, passedOnView, seesCorrection, viewOfPassedOn } from './list-passed-on.ts';

const said = {
  answer: z.enum(['done', 'not-held', 'refused']),
  /** Why it is refused; no names, and nothing of whom it is about. */
  words: z.string().trim().min(1).max(1_000).nullable().default(null),
};
export const acknowledgeManyInput = z.strictObject({
  tasks: z.array(z.string().min(1).max(100)).min(1).max(500),
  ...said,
});
export const acknowledgeOneInput = z.strictObject({ task: z.string().min(1).max(100), ...said });
export const acknowledgedView = z.object({ items: z.array(passedOnView) }).meta({ id: 'Acknowledged' });
type View = { readonly items: readonly z.output<typeof passedOnView>[] };

/**
 * All of them, or none. Refuses `not-found` for what is not of its own party, `already-done` for what was answered, `input-invalid`
 * for a refusal without words. What was refused may be answered again; the same answer twice is one.
 */
export async function acknowledgePassedOn(
  service: Service,
  actor: Actor,
  { tasks, answer, words }: z.output<typeof acknowledgeManyInput>,
): Promise<Answer<View>> {
  const party = actor.kind === 'member' ? null : actor.party;
  if (party === null) return unknown;
  if (answer === 'refused' && words === null)
    return refused('input-invalid', 'say in words why it is refused');
  const now = service.now();
  return service.state.as(actor.org, async (tx) => {
    const rows = await lock(tx, actor.org, party, [...new Set(tasks)]);
    const fault = faultOf(rows, tasks, answer);
    if (fault !== null) return fault;
    const open = rows.filter((row) => row.answer !== answer || row.words !== words);
    const change = { acknowledged_at: now, acknowledged_by: `${actor.kind}:${actor.id}`, answer, words };
    if (open.length > 0)
      await tx
        .updateTable('passed_on')
        .set(change)
        .where('org', '=', actor.org)
        .where(
          'id',
          'in',
          open.map(({ id }) => id),
        )
        .execute();
    const today = dayOf(now.getTime());
    const changed = new Set(open.map(({ id }) => id));
    const items = rows.map((row) =>
      viewOfPassedOn(changed.has(row.id) ? { ...row, ...change } : row, today, seesCorrection(actor)),
    );
    return done({ items });
  });
}

export async function acknowledgeOne(
  service: Service,
  actor: Actor,
  { task, ...rest }: z.output<typeof acknowledgeOneInput>,
): Promise<Answer<z.output<typeof passedOnView>>> {
  const answer = await acknowledgePassedOn(service, actor, { tasks: [task], ...rest });
  if (answer.kind === 'refused') return answer;
  const [one] = answer.value.items;
  return one === undefined ? unknown : done(one);
}

const unknown = refused('not-found', 'nothing of that id was passed on to you');

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

function faultOf(
  rows: readonly PassedOnRow[],
  tasks: readonly string[],
  answer: z.output<typeof said.answer>,
): Refused | null {
  if (rows.length !== new Set(tasks).size) return unknown;
  const settled = rows.find(
    (row) => row.answer !== null && row.answer !== 'refused' && row.answer !== answer,
  );
  return settled === undefined
    ? null
    : refused('already-done', `${settled.code} was answered already, with "${settled.answer}"`);
}
