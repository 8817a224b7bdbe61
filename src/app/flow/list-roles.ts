/** Who may do what in the organisation. */
import { sql } from 'kysely';
import type { z } from 'zod';
import type { AccountsService } from './accounts.ts';
import { type Page, pageInput, pageOf, pageView, partsOf } from './cursor.ts';
import { type RoleView, roleView, viewOfRole } from './role-view.ts';
import { type Actor, type Answer, done, refused } from './service.ts';

export const listRolesInput = pageInput;
export const rolesView = pageView(roleView);

export async function listRoles(
  { state, accounts }: AccountsService,
  actor: Actor,
  { cursor, limit }: z.output<typeof listRolesInput>,
): Promise<Answer<Page<RoleView>>> {
  const after = cursor === undefined ? null : partsOf(cursor, 2);
  if (cursor !== undefined && after === null)
    return refused('input-invalid', 'the cursor is none of this list');
  const rows = await state.as(actor.org, (tx) => {
    const query = tx.selectFrom('staff_role').selectAll().where('org', '=', actor.org);
    const rest =
      after === null ? query : query.where(sql<boolean>`(person, role) > (${after[0]}, ${after[1]})`);
    return rest
      .orderBy('person')
      .orderBy('role')
      .limit(limit + 1)
      .execute();
  });
  const people = await accounts.people([...new Set(rows.map(({ person }) => person))]);
  const views = rows.map((row) => viewOfRole(row, people.get(row.person)));
  return done(pageOf(views, limit, ({ person, role }) => [person, role]));
}
