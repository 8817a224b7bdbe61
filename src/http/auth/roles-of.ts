/** What a person may do: read anew for every request, so that a role withdrawn is gone at once. */
import { isWhole, type Rights } from '../../app/flow/key-rights.ts';
import type { AuthSettings } from './auth-options.ts';

export type RolesOf = Rights & { readonly mayFreeze: boolean };

/** None where the person has no role there, or there is no such organisation; nor to somebody on both sides of a supply. */
export async function rolesOf(
  { state }: Pick<AuthSettings, 'state'>,
  person: string,
  org: string,
): Promise<RolesOf> {
  const [rows] = await state.lookAsPerson(person, (db) => [
    db
      .selectFrom('staff_role')
      .select(['role', 'party', 'may_freeze'])
      .where('person', '=', person)
      .where('org', '=', org),
  ]);
  const roles = new Set(rows.map(({ role }) => role));
  const party = rows.find(({ role }) => role === 'recipient')?.party ?? null;
  if (!isWhole({ roles, party })) return { roles: new Set(), party: null, mayFreeze: false };
  return {
    ...{ roles, party },
    mayFreeze: rows.some(({ role, may_freeze }) => role === 'auditor' && may_freeze),
  };
}

/** The organisations in which the person has a role, by name. */
export function organisationsOf(
  { state }: Pick<AuthSettings, 'state'>,
  person: string,
): Promise<readonly { readonly org: string; readonly name: string }[]> {
  return state.asPerson(person, (tx) =>
    tx
      .selectFrom('staff_role')
      .innerJoin('organisation', 'organisation.org', 'staff_role.org')
      .select(['organisation.org', 'organisation.name'])
      .distinct()
      .where('staff_role.person', '=', person)
      .orderBy('organisation.name')
      .execute(),
  );
}
