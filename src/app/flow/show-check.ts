/** One check: its progress and its report, or what a party may know of it. */
import { z } from 'zod';
import { type CheckView, isApproved, toCheckView, toPartyCheckView } from './check-view.ts';
import { ownParty } from './own-party.ts';
import { ifVisible } from './request-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const showCheckInput = z.strictObject({ check: z.string().max(100) });

export async function showCheck(
  { state, limits }: Service,
  actor: Actor,
  { check }: z.output<typeof showCheckInput>,
): Promise<Answer<CheckView>> {
  const { org } = actor;
  const [[row], [request], [approval]] = await state.look(org, (db) => {
    const one = db.selectFrom('check_run').where('org', '=', org).where('id', '=', check);
    return [
      one.selectAll(),
      db.selectFrom('request').selectAll().where('org', '=', org).where('id', 'in', one.select('request')),
      db
        .selectFrom('approval')
        .select('check_run')
        .where('org', '=', org)
        .where('check_run', '=', check)
        .where('withdrawn_at', 'is', null),
    ];
  });
  const visible = ifVisible(actor, request);
  if (row === undefined || visible === null) return refused('not-found', 'there is no such check');
  if (ownParty(actor) === null) return done(toCheckView(row));
  const approved = approval !== undefined && isApproved(visible.state);
  return done(toPartyCheckView(row, { approved, smallest: limits.smallest }));
}
