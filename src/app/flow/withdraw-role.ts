/** An officer takes a role away; what its holder's keys could do by it ends with it. */
import { z } from 'zod';
import { roleEndedMail, roleWithdrawnMail } from '../../mail/texts.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { AccountsService, Person } from './accounts.ts';
import { queueMail } from './queue-mail.ts';
import { type RoleRow, type RoleView, roleWords, staffRole, viewOfRole } from './role-view.ts';
import { type Actor, type Answer, done, refused } from './service.ts';
import { whoWatches } from './who-watches.ts';

export const withdrawRoleInput = z.strictObject({ person: z.string().min(1).max(100), role: staffRole });

/** The last officer stays: without one nobody could grant a role again. */
export async function withdrawRole(
  service: AccountsService,
  actor: Actor,
  { person, role }: z.output<typeof withdrawRoleInput>,
): Promise<Answer<RoleView>> {
  if (actor.kind !== 'staff') return refused('not-allowed', 'roles are withdrawn by people, not by keys');
  const { state, accounts } = service;
  // Before it goes: the role may be what they hear by.
  const watching = await whoWatches(service, actor.org, [actor.id, person]);
  const known = await accounts.people([actor.id, person]);
  const told = { person: known.get(person), by: known.get(actor.id)?.email ?? actor.id, watching };
  return state.as(actor.org, async (tx): Promise<Answer<RoleView>> => {
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
    await tell(tx, service, row, told);
    return done(viewOfRole(row, told.person));
  });
}

type Told = {
  /** Undefined where the account is no more. */
  readonly person: Person | undefined;
  /** The address of who withdraws it. */
  readonly by: string;
  readonly watching: readonly Person[];
};

async function tell(
  tx: Tx,
  { url, now }: AccountsService,
  { org, role, person: id }: RoleRow,
  { person, by, watching }: Told,
): Promise<void> {
  const { name } = await tx
    .selectFrom('organisation')
    .select('name')
    .where('org', '=', org)
    .executeTakeFirstOrThrow();
  const of = { name, role: roleWords[role], by };
  const seen = roleWithdrawnMail({
    ...{ ...of, email: person?.email ?? id },
    url: `${url}/organisations/${org}/people`,
  });
  for (const { email } of watching) await queueMail(tx, { org, recipient: email, ...seen }, now());
  if (person !== undefined)
    await queueMail(tx, { org, recipient: person.email, ...roleEndedMail(of) }, now());
}
