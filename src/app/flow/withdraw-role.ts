/** An officer takes a role away; what its holder's keys could do by it ends with it. */
import { z } from 'zod';
import type { AccountsService } from './accounts.ts';
import { type RoleRow, type RoleView, staffRole, viewOfRole } from './role-view.ts';
import { type Actor, type Answer, done, refused } from './service.ts';

export const withdrawRoleInput = z.strictObject({ person: z.string().min(1).max(100), role: staffRole });

/** The last officer stays: without one nobody could grant a role again. */
export async function withdrawRole(
  { state, accounts }: AccountsService,
  actor: Actor,
  { person, role }: z.output<typeof withdrawRoleInput>,
): Promise<Answer<RoleView>> {
  if (actor.kind !== 'staff') return refused('not-allowed', 'roles are withdrawn by people, not by keys');
  const answer = await state.as(actor.org, async (tx): Promise<Answer<RoleRow>> => {
    // In one order and held: of two officers who withdraw each other, one is told that they are the last.
    const holders = await tx
      .selectFrom('staff_role')
      .select('person')
      .where('org', '=', actor.org)
      .where('role', '=', role)
      .orderBy('person')
      .forUpdate()
      .execute();
    if (!holders.some((holder) => holder.person === person))
      return refused('not-found', 'they have no such role');
    if (role === 'officer' && holders.length === 1)
      return refused('wrong-state', 'the last officer cannot be withdrawn: grant somebody the role first');
    const row = await tx
      .deleteFrom('staff_role')
      .where('org', '=', actor.org)
      .where('person', '=', person)
      .where('role', '=', role)
      .returningAll()
      .executeTakeFirstOrThrow();
    return done(row);
  });
  if (answer.kind === 'refused') return answer;
  return done(viewOfRole(answer.value, (await accounts.people([person])).get(person)));
}
