/**
 * What was passed on to a party and is not done in time, as the gate reads duties (B5): whoever leaves a stop lying is given
 * nothing more. It is the duty to obey stops, of each release.
 */
import { sql } from 'kysely';
import type { CivilDate, Duty } from '../../policy/model.ts';
import { organisationMeets } from '../../policy/promises.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { dutyWords } from './duty-words.ts';
import { registerOf } from './register-of.ts';

/**
 * A task counts while its party holds the release and has not said that it is done or that it never had the row. To refuse a stop or a
 * restriction settles nothing; to refuse a correction, or an erasure, the law may allow.
 */
export const unsettled = sql<boolean>`(passed_on.answer IS NULL
  OR (passed_on.answer = 'refused' AND passed_on.kind IN ('stop', 'restriction')))`;
export const isRefused = sql<boolean>`(passed_on.answer = 'refused')`;
export const stillHeld = sql<boolean>`EXISTS (SELECT 1 FROM duty d WHERE d.org = passed_on.org AND d.release = passed_on.release
  AND d.party = passed_on.party AND d.kind = 'delete' AND d.claimed_at IS NULL)`;

/** One for each release and party: the first of its tasks that is to be done says by when. */
export async function gatePassedOn(tx: Tx, org: string): Promise<readonly Duty[]> {
  const rows = await tx
    .selectFrom('passed_on')
    .select(({ fn }) => ['party', 'release', fn.min('due_on').as('due')])
    .where('org', '=', org)
    .where(unsettled)
    .where(stillHeld)
    .groupBy(['party', 'release'])
    .orderBy('party')
    .orderBy('release')
    .execute();
  return rows.map(({ party, release, due }) => ({
    ...{ party, due, done: null },
    what: dutyWords({ kind: 'obey-stops', release, agreement: null }),
  }));
}

/** The one longest overdue of any of these parties, or of their groups; null where the gate would find none. */
export async function overduePassedOn(
  tx: Tx,
  org: string,
  { parties, day }: { readonly parties: readonly string[]; readonly day: CivilDate },
): Promise<Duty | null> {
  const overdue = (await gatePassedOn(tx, org)).filter(({ due }) => due < day);
  if (overdue.length === 0) return null;
  const { organisations } = await registerOf(tx, org);
  const theirs = overdue.filter(({ party }) => organisationMeets(party, parties, organisations));
  return theirs.sort((a, b) => (a.due < b.due ? -1 : 1))[0] ?? null;
}
