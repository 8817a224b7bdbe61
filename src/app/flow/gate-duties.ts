/** Duties as the gate reads them (B5): what duties.yaml is written from. */
import type { Selectable } from 'kysely';
import { dayOf } from '../../policy/dates.ts';
import type { CivilDate, Duty } from '../../policy/model.ts';
import { organisationMeets } from '../../policy/promises.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { Tables } from '../../store/postgres/tables.ts';
import { dutyWords } from './duty-words.ts';
import { gatePassedOn } from './overdue-passed-on.ts';
import { registerOf } from './register-of.ts';

export type DutyRow = Selectable<Tables['duty']>;

/**
 * Every duty of the organisation's releases, in the order they were opened. What its party says it has done counts as
 * done, in the party's own words: nobody here can see whether it is.
 */
export async function gateDuties(tx: Tx, org: string): Promise<readonly Duty[]> {
  const rows = await tx
    .selectFrom('duty')
    .selectAll()
    .where('org', '=', org)
    .orderBy('opened_at')
    .orderBy('id')
    .execute();
  return [...rows.map(gateDuty), ...(await gatePassedOn(tx, org))];
}

/** One of them. */
export function gateDuty(row: DutyRow): Duty {
  const done = row.claimed_at === null ? null : dayOf(row.claimed_at.getTime());
  return { party: row.party, what: dutyWords(row), due: row.due_on, done };
}

/** The duty longest overdue of any of these parties, or of their groups; null where the gate would find none. */
export async function overdueDuty(
  tx: Tx,
  org: string,
  { parties, day }: { readonly parties: readonly string[]; readonly day: CivilDate },
): Promise<DutyRow | null> {
  const rows = await tx
    .selectFrom('duty')
    .selectAll()
    .where('org', '=', org)
    .where('claimed_at', 'is', null)
    .where('due_on', '<', day)
    .orderBy('due_on')
    .orderBy('id')
    .execute();
  if (rows.length === 0) return null;
  const { organisations } = await registerOf(tx, org);
  return rows.find((row) => organisationMeets(row.party, parties, organisations)) ?? null;
}
