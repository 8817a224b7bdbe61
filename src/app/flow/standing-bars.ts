/**
 * What already stands against a release, so that nobody waits for the gate to say so: it asks again at the release's own
 * cut-off, and only its answer lets anything go.
 */
import { dayOf } from '../../policy/dates.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { RequestRow } from './change-request.ts';
import { dutyWords } from './duty-words.ts';
import { endedAgreement } from './ended-agreement.ts';
import { frozenBy } from './frozen.ts';
import { overdueDuty } from './gate-duties.ts';
import { overduePassedOn } from './overdue-passed-on.ts';
import { type Refused, refused } from './service.ts';

/** Refuses `agreement-ended`, `frozen`, `duty-overdue`; null where nothing here does. */
export async function standingBar(
  tx: Tx,
  { org, agreement, parties, purposes }: RequestRow,
  now: Date,
): Promise<Refused | null> {
  if ((await endedAgreement(tx, org, agreement)) !== null)
    return refused('agreement-ended', `the agreement ${agreement} has ended`);
  const freeze = await frozenBy(tx, org, { parties, purposes });
  if (freeze !== null) return refused('frozen', `processing is frozen: ${freeze.words}`);
  const duty = await overdueDuty(tx, org, { parties, day: dayOf(now.getTime()) });
  if (duty !== null)
    return refused('duty-overdue', `${duty.party} owes since ${duty.due_on}: ${dutyWords(duty)}`);
  const unheard = await overduePassedOn(tx, org, { parties, day: dayOf(now.getTime()) });
  if (unheard !== null)
    return refused('duty-overdue', `${unheard.party} owes since ${unheard.due}: ${unheard.what}`);
  return null;
}
