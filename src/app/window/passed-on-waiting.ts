/** How much of what was passed on waits for somebody: a recipient's own; of everybody's, what nobody answers, and what is refused. */
import { type RawBuilder, sql } from 'kysely';
import { dayOf } from '../../policy/dates.ts';
import type { CivilDate } from '../../policy/model.ts';
import { isRefused, stillHeld, unsettled } from '../flow/overdue-passed-on.ts';
import { ownParty } from '../flow/own-party.ts';
import { type Actor, type Answer, done, type Service } from '../flow/service.ts';

export type SomeWait = {
  readonly number: number;
  readonly overdue: number;
  /** The first of the days in London by which one is to be done; null of none. */
  readonly first: CivilDate | null;
};
export type PassedOnWaiting = {
  /** To be done; what was refused and may not be is one of these. */
  readonly open: SomeWait;
  /** Past its day, and without an answer. */
  readonly silent: SomeWait;
  /** Whatever it was, while its party holds the list. */
  readonly refused: SomeWait;
};

export async function passedOnWaiting(service: Service, actor: Actor): Promise<Answer<PassedOnWaiting>> {
  const own = ownParty(actor);
  const today = dayOf(service.now().getTime());
  return service.state.as(actor.org, async (tx) => {
    const count = async (which: RawBuilder<boolean>): Promise<SomeWait> => {
      let query = tx
        .selectFrom('passed_on')
        .select(({ fn }) => [
          fn.countAll<string>().as('number'),
          fn.countAll<string>().filterWhere('due_on', '<', today).as('overdue'),
          fn.min('due_on').as('first'),
        ])
        .where('org', '=', actor.org)
        .where(stillHeld)
        .where(which);
      if (own !== null) query = query.where('party', '=', own);
      const { number, overdue, first } = await query.executeTakeFirstOrThrow();
      return { number: Number(number), overdue: Number(overdue), first };
    };
    return done({
      open: await count(unsettled),
      silent: await count(sql<boolean>`(passed_on.answer IS NULL AND passed_on.due_on < ${today})`),
      refused: await count(isRefused),
    });
  });
}
