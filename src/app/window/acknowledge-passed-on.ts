/** A recipient says what it did with what was passed on to it: shown as its claim, as an attestation is. */
import { z } from 'zod';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import type { passedOnView } from './list-passed-on.ts';
import { type Acknowledged, answerSaid, tasksAnswered, writeAnswer } from './write-answer.ts';

export const acknowledgeManyInput = z.strictObject({ tasks: tasksAnswered, ...answerSaid });
export const acknowledgeOneInput = z.strictObject({ task: z.string().min(1).max(100), ...answerSaid });

/** All of them, or none. Refuses `not-found` for what is not of its own party, and what `writeAnswer` refuses. */
export async function acknowledgePassedOn(
  service: Service,
  actor: Actor,
  said: z.output<typeof acknowledgeManyInput>,
): Promise<Answer<Acknowledged>> {
  const party = actor.kind === 'member' ? null : actor.party;
  if (party === null) return unknown;
  return writeAnswer(service, actor, { ...said, party, came: null }, async () => null);
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
