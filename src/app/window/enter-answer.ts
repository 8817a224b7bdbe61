/** Staff enter what a party told them by telephone, letter or e-mail that it did with what was passed on to it. */
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { partyId } from '../flow/role-view.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from '../flow/service.ts';
import type { PassedOnRow } from './list-passed-on.ts';
import { someoneActs } from './someone-acts.ts';
import { acknowledgedView, answerSaid, tasksAnswered, writeAnswer } from './write-answer.ts';
import { writeAnswerToAll } from './write-answer-to-all.ts';

export const enterAnswerInput = z
  .strictObject({
    party: partyId,
    tasks: tasksAnswered.optional().meta({ description: 'Either these, or `upTo`' }),
    upTo: z.iso.datetime().optional().meta({
      description:
        'Instead of `tasks`: all that the party was told up to this instant, holds, and has not answered. Of a file of codes: an instant before it was fetched',
    }),
    ...answerSaid,
    by: z.enum(['phone', 'letter', 'email']).meta({ description: 'How they told you' }),
    on: z.iso.date().meta({ description: 'The day in London on which it came' }),
    allTheSame: z.boolean().default(false).meta({
      description: 'Somebody acts for the party here, could answer, and told you in another way all the same',
    }),
  })
  .refine(({ tasks, upTo }) => (tasks === undefined) !== (upTo === undefined), {
    ...{ path: ['upTo'], error: 'say `tasks` or `upTo`, and one of them alone' },
  });

export const answerEnteredView = acknowledgedView
  .extend({
    number: z.int().meta({ description: 'To how many tasks it is the answer; `items` has up to 500' }),
  })
  .meta({ id: 'AnswerEntered' });

/**
 * It is shown as entered, to the party and to the person, and who entered it is kept. Refuses `not-allowed` to a key,
 * `wrong-state` where somebody acts for the party here and it was not said `allTheSame`, `input-invalid` for a day or an instant
 * to come or a day before the party was told, and what `writeAnswer` and `writeAnswerToAll` refuse.
 */
export async function enterAnswer(
  service: Service,
  actor: Actor,
  { by, on, allTheSame, tasks, upTo, ...said }: z.output<typeof enterAnswerInput>,
): Promise<Answer<z.output<typeof answerEnteredView>>> {
  if (actor.kind !== 'staff')
    return refused('not-allowed', 'what a party told you is entered by people, not by keys');
  const given = { ...said, came: { by, on } };
  const today = dayOf(service.now().getTime());
  const bar = async (tx: Tx, rows: readonly ToldRow[]): Promise<Refused | null> =>
    allTheSame || !(await someoneActs(tx, actor.org, said.party))
      ? wrongDay(rows, on, today)
      : refused(
          'wrong-state',
          `somebody acts for ${said.party} here and can answer: say that you enter it all the same`,
        );
  if (upTo !== undefined) return writeAnswerToAll(service, actor, { ...given, upTo: new Date(upTo) }, bar);
  const answer = await writeAnswer(service, actor, { ...given, tasks: tasks ?? [] }, bar);
  return answer.kind === 'refused'
    ? answer
    : done({ items: [...answer.value.items], number: answer.value.items.length });
}

type ToldRow = Pick<PassedOnRow, 'code' | 'made_at'>;

function wrongDay(rows: readonly ToldRow[], on: string, today: string): Refused | null {
  if (on > today) return refused('input-invalid', `${on} is yet to come`);
  const before = rows.find(({ made_at }) => on < dayOf(made_at.getTime()));
  return before === undefined
    ? null
    : refused('input-invalid', `of ${before.code} they were not told yet on ${on}`);
}
