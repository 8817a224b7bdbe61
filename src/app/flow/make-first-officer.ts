/** The first officer of an organisation: made by whoever runs the server, where there is nobody yet who could grant roles. */
import { z } from 'zod';
import type { AccountsService } from './accounts.ts';
import { holdRoles } from './grant-role.ts';
import { invitationHours } from './link-lasts.ts';
import { type Answer, done, refused } from './service.ts';

export const firstOfficerInput = z.strictObject({
  org: z.string(),
  email: z.email().max(254).toLowerCase(),
  name: z.string().trim().min(1).max(80),
});

export type FirstOfficer = {
  readonly person: string;
  /** To be given to them: it sets their password, once, within a week. Null where they have one. */
  readonly link: string | null;
};

/**
 * Refuses `already-done` where the organisation has an officer: further ones are granted by that one; `wrong-state` for
 * somebody who acts for a recipient.
 */
export async function makeFirstOfficer(
  { accounts, state, now }: AccountsService,
  { org, email, name }: z.output<typeof firstOfficerInput>,
): Promise<Answer<FirstOfficer>> {
  const { person } = await accounts.personOf(email, name);
  const made = await state.as(org, async (tx): Promise<Answer<null>> => {
    // Held: two at once would both find none.
    const known = await tx
      .selectFrom('organisation')
      .select('org')
      .where('org', '=', org)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (known === undefined) return refused('not-found', `there is no organisation ${org}`);
    const officer = await tx
      .selectFrom('staff_role')
      .select('person')
      .where('org', '=', org)
      .where('role', '=', 'officer')
      .executeTakeFirst();
    if (officer !== undefined) return refused('already-done', `${org} has an officer`);
    await holdRoles(tx, org, person);
    const recipient = await tx
      .selectFrom('staff_role')
      .select('party')
      .where('org', '=', org)
      .where('person', '=', person)
      .where('role', '=', 'recipient')
      .executeTakeFirst();
    if (recipient !== undefined)
      return refused('wrong-state', 'who acts for a recipient has no other role here');
    await tx
      .insertInto('staff_role')
      .values({
        ...{ org, person, role: 'officer', party: null, may_freeze: false },
        ...{ granted_by: 'set-up', granted_at: now() },
      })
      .execute();
    return done(null);
  });
  if (made.kind === 'refused') return made;
  return done({ person, link: await accounts.invitation(person, invitationHours) });
}
