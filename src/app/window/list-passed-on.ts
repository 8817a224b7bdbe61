/** What was passed on, what is to be done first: to a recipient its own party's, to staff everybody's. */
import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import type { Tables } from '../../store/postgres/tables.ts';
import { type Page, pageInput, pageOf, pageView, partsOf } from '../flow/cursor.ts';
import { isRefused, stillHeld, unsettled } from '../flow/overdue-passed-on.ts';
import { ownParty } from '../flow/own-party.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';

export const listPassedOnInput = pageInput.extend({
  party: z.string().min(1).max(100).optional(),
  release: z.string().min(1).max(200).optional(),
  state: z.enum(['open', 'overdue', 'silent', 'refused']).optional().meta({
    description:
      '`open` takes in overdue, and what was refused and may not be; `silent` is overdue without an answer; `refused` is all that was refused',
  }),
});
type Input = z.output<typeof listPassedOnInput>;

const correction = z.object({ field: z.string(), value: z.string() });
/** How an answer came that staff entered; `on` is a day in London. */
export const enteredView = z
  .object({ by: z.enum(['phone', 'letter', 'email']), on: z.iso.date() })
  .nullable()
  .meta({ description: 'Of an answer that staff entered, as the party told them; else null' });
export type Entered = z.output<typeof enteredView>;

/** As the columns of a task have it. */
export const enteredOf = ({ came_by, came_on }: Pick<PassedOnRow, 'came_by' | 'came_on'>): Entered =>
  came_by === null || came_on === null ? null : { by: came_by, on: came_on };
export const passedOnView = z
  .object({
    task: z.string(),
    release: z.string(),
    party: z.string(),
    kind: z.enum(['stop', 'correction', 'restriction', 'erasure']),
    /** The trace code of the row in that release: all that names the person. */
    code: z.string(),
    correction: correction.nullable().meta({
      description:
        "The recipient's signed-in staff alone see it: null to everybody else, a key of theirs too, and once the person was erased",
    }),
    made: z.iso.datetime(),
    /** The last day in London on which it is done in time. */
    due: z.iso.date(),
    /** `deleted`: its party says that it has deleted the whole list. */
    state: z.enum(['open', 'overdue', 'answered', 'deleted']),
    answer: z.enum(['done', 'not-held', 'refused']).nullable(),
    answered: z.iso.datetime().nullable(),
    words: z.string().nullable(),
    entered: enteredView,
  })
  .meta({ id: 'PassedOn' });
export type PassedOnView = z.output<typeof passedOnView>;
export const passedOnPage = pageView(passedOnView);

export type PassedOnRow = Selectable<Tables['passed_on']> & { readonly held: boolean };

export async function listPassedOn(
  service: Service,
  actor: Actor,
  { cursor, limit, party, release, state }: Input,
): Promise<Answer<Page<PassedOnView>>> {
  const after = cursor === undefined ? null : partsOf(cursor, 3);
  if (cursor !== undefined && after === null)
    return refused('input-invalid', 'the cursor is none of this list');
  const own = ownParty(actor);
  const today = dayOf(service.now().getTime());
  const rows = await service.state.as(actor.org, (tx) => {
    const place = sql<string>`CASE WHEN answer IS NULL THEN '0' ELSE '1' END`;
    let query = tx
      .selectFrom('passed_on')
      .selectAll()
      .select(stillHeld.as('held'))
      .where('org', '=', actor.org);
    if (own !== null) query = query.where('party', '=', own);
    if (party !== undefined) query = query.where('party', '=', party);
    if (release !== undefined) query = query.where('release', '=', release);
    if (state !== undefined)
      query = query.where(state === 'refused' ? isRefused : unsettled).where(stillHeld);
    if (state === 'overdue' || state === 'silent') query = query.where('due_on', '<', today);
    if (state === 'silent') query = query.where('answer', 'is', null);
    if (after !== null)
      query = query.where(
        sql<boolean>`(${place}, due_on::text, id) > (${after[0]}, ${after[1]}, ${after[2]})`,
      );
    return query
      .orderBy(place)
      .orderBy('due_on')
      .orderBy('id')
      .limit(limit + 1)
      .execute();
  });
  const views = rows.map((row) => viewOfPassedOn(row, today, seesCorrection(actor)));
  return done(pageOf(views, limit, ({ answer, due, task }) => [answer === null ? '0' : '1', due, task]));
}

/** A key is read by programs, which keep what they read. */
export const seesCorrection = (actor: Actor): boolean => actor.kind === 'staff' && ownParty(actor) !== null;

/** `today` in London; `corrects`: the new value of a correction is shown. */
export function viewOfPassedOn(row: PassedOnRow, today: string, corrects: boolean): PassedOnView {
  const { id, release, party, kind, code, made_at, due_on, answer, acknowledged_at, words } = row;
  const said = correction.safeParse(row.said);
  return {
    ...{ task: id, release, party, kind, code, due: due_on, answer, words },
    correction: corrects && said.success ? said.data : null,
    made: made_at.toISOString(),
    state: stateOf(row, today),
    answered: acknowledged_at?.toISOString() ?? null,
    entered: enteredOf(row),
  };
}

function stateOf({ answer, kind, due_on, held }: PassedOnRow, today: string): PassedOnView['state'] {
  const settled = answer !== null && !(answer === 'refused' && (kind === 'stop' || kind === 'restriction'));
  if (settled) return 'answered';
  if (!held) return 'deleted';
  return due_on < today ? 'overdue' : answer === null ? 'open' : 'answered';
}
