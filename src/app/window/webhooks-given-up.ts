/** Whose programs were not told of what was passed on, as their webhooks were dead: it stands in the list all the same. */
import { dayOf } from '../../policy/dates.ts';
import type { CivilDate } from '../../policy/model.ts';
import { ownParty } from '../flow/own-party.ts';
import type { Actor, Service } from '../flow/service.ts';

export type WebhookGivenUp = {
  /** Null: the organisation's own. */
  readonly party: string | null;
  /** Of whoever looks: their party's, or the organisation's. */
  readonly yours: boolean;
  /** The last day in London on which a message was given up. */
  readonly on: CivilDate;
};

/**
 * One of each party, of the last month; to a recipient its own party's. A webhook that was stopped by whoever set it up is
 * none of them; one that said itself that it is gone (410) is.
 */
export async function webhooksGivenUp(
  { state }: Pick<Service, 'state'>,
  actor: Actor,
): Promise<readonly WebhookGivenUp[]> {
  const own = ownParty(actor);
  const rows = await state.as(actor.org, (tx) =>
    tx
      .selectFrom('webhook_delivery as d')
      .innerJoin('webhook as w', (join) => join.onRef('w.org', '=', 'd.org').onRef('w.id', '=', 'd.webhook'))
      .select(({ fn }) => ['w.party', fn.max('d.given_up_at').as('at')])
      .where('d.org', '=', actor.org)
      .where('d.event', '=', 'passed-on')
      .where('d.given_up_at', 'is not', null)
      .where(({ or, eb }) => or([eb('w.stopped_at', 'is', null), eb('d.status', '=', 410)]))
      .$if(own !== null, (theirs) => theirs.where('w.party', '=', own))
      .groupBy('w.party')
      .orderBy('w.party')
      .execute(),
  );
  return rows.flatMap(({ party, at }) => {
    if (at === null) return [];
    const yours = party === null || (actor.kind !== 'member' && actor.party === party);
    return [{ party, yours, on: dayOf(at.getTime()) }];
  });
}
