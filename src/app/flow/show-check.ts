/** One check: its progress and its report, or what a party may know of it. */
import { z } from 'zod';
import { type CheckView, isApproved, toCheckView, toPartyCheckView } from './check-view.ts';
import { ownParty } from './own-party.ts';
import { visibleRequest } from './request-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const showCheckInput = z.strictObject({ check: z.string().max(100) });

export async function showCheck(
  { state, limits }: Service,
  actor: Actor,
  { check }: z.output<typeof showCheckInput>,
): Promise<Answer<CheckView>> {
  return state.as(actor.org, async (tx) => {
    const row = await tx
      .selectFrom('check_run')
      .selectAll()
      .where('org', '=', actor.org)
      .where('id', '=', check)
      .executeTakeFirst();
    const request = row === undefined ? null : await visibleRequest(tx, actor, row.request);
    if (row === undefined || request === null) return refused('not-found', 'there is no such check');
    if (ownParty(actor) === null) return done(toCheckView(row));
    const approval = await tx
      .selectFrom('approval')
      .select('check_run')
      .where('org', '=', actor.org)
      .where('check_run', '=', row.id)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirst();
    const approved = approval !== undefined && isApproved(request.state);
    return done(toPartyCheckView(row, { approved, smallest: limits.smallest }));
  });
}
