/** A role that a person has in an organisation, as it is shown. */
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { StaffRole, Tables } from '../../store/postgres/tables.ts';
import type { Person } from './accounts.ts';

export const staffRole = z.enum(['steward', 'officer', 'recipient', 'auditor']);
/** As it is read after "as". */
export const roleWords: Readonly<Record<StaffRole, string>> = {
  steward: 'steward of its records',
  officer: 'data protection officer',
  recipient: 'recipient of its releases',
  auditor: 'auditor',
};
export const partyId = z.string().min(1).max(100);

export const roleView = z
  .object({
    person: z.string(),
    /** Empty where the account is no more. */
    email: z.string(),
    name: z.string(),
    role: staffRole,
    party: z.string().nullable().meta({ description: 'Of a recipient: the organisation it acts for' }),
    mayFreeze: z.boolean(),
    grantedBy: z.string(),
    grantedAt: z.iso.datetime(),
  })
  .meta({ id: 'Role' });
export type RoleView = z.output<typeof roleView>;

export type RoleRow = Selectable<Tables['staff_role']>;

export function viewOfRole(row: RoleRow, person: Person | undefined): RoleView {
  return {
    person: row.person,
    email: person?.email ?? '',
    name: person?.name ?? '',
    role: row.role,
    party: row.party,
    mayFreeze: row.may_freeze,
    grantedBy: row.granted_by,
    grantedAt: row.granted_at.toISOString(),
  };
}
