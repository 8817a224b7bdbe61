/** Staff enter what a party told them by telephone, letter or e-mail that it did with what was passed on to it. */
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import { partyId } from '../flow/role-view.ts';
import { type Actor, type Answer, type Refused, refused, type Service } from '../flow/service.ts';
import type { PassedOnRow } from './list-passed-on.ts';
import { someoneActs } from './someone-acts.ts';
import { type Acknowledged, answerSaid, tasksAnswered, writeAnswer } from './write-answer.ts';

export const enterAnswerInput = z.strictObject({
  party: partyId,
  tasks: tasksAnswered,
  ...answerSaid,
  by: z.enum(['phone', 'letter', 'email']).meta({ description: 'How they told you' }),
  on: z.iso.date().meta({ description: 'The day in London on which it came' }),
  allTheSame: z.boolean().default(false).meta({
    description: 'Somebody acts for the party here, could answer, and told you in another way all the same',
  }),
});

/**
 * It is shown as entered, to the party and to the person, and who entered it is kept. Refuses `not-allowed` to a key,
 * `wrong-state` where somebody acts for the party here and it was not said `allTheSame`, `input-invalid` for a day to come or
 * one before the party was told, and what `writeAnswer` refuses.
 */
export async function enterAnswer(
  service: Service,
  actor: Actor,
  { by, on, allTheSame, ...said }: z.output<typeof enterAnswerInput>,
): Promise<Answer<Acknowledged>> {
  if (actor.kind !== 'staff')
    return refused('not-allowed', 'what a party told you is entered by people, not by keys');
  const today = dayOf(service.now().getTime());
  return writeAnswer(service, actor, { ...said, came: { by, on } }, async (tx, rows) =>
    allTheSame || !(await someoneActs(tx, actor.org, said.party))
      ? wrongDay(rows, on, today)
      : refused(
          'wrong-state',
          `somebody acts for ${said.party} here and can answer: say that you enter it all the same`,
        ),
  );
}

function wrongDay(rows: readonly PassedOnRow[], on: string, today: string): Refused | null {
  if (on > today) return refused('input-invalid', `${on} is yet to come`);
  const before = rows.find(({ made_at }) => on < dayOf(made_at.getTime()));
  return before === undefined
    ? null
    : refused('input-invalid', `of ${before.code} they were not told yet on ${on}`);
}
