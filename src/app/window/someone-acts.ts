/** Whether a party has somebody here: those whom reminders go to. */
import type { Tx } from '../../store/postgres/state.ts';

export async function someoneActs(tx: Tx, org: string, party: string): Promise<boolean> {
  const row = await tx
    .selectFrom('staff_role')
    .select('person')
    .where('org', '=', org)
    .where('role', '=', 'recipient')
    .where('party', '=', party)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
