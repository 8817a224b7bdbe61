/** What stands against handing a supply over now: a freeze, however late it came, and the end of the agreement. */
import type { Tx } from '../../store/postgres/state.ts';
import { endedAgreement } from './ended-agreement.ts';
import { type FreezeRow, frozenBy } from './frozen.ts';
import type { SupplyRow } from './release-view.ts';
import { type Refused, refused } from './service.ts';

/** Refuses `frozen`, `agreement-ended`; null where nothing here does. */
export async function handingOverBar(
  tx: Tx,
  { org, release, recipient }: SupplyRow,
): Promise<Refused | null> {
  const { agreement, purposes, parties } = await tx
    .selectFrom('release')
    .innerJoin('request', (join) =>
      join.onRef('request.org', '=', 'release.org').onRef('request.id', '=', 'release.request'),
    )
    .select(['request.agreement', 'request.purposes', 'request.parties'])
    .where('release.org', '=', org)
    .where('release.id', '=', release)
    .executeTakeFirstOrThrow();
  const freeze = await frozenBy(tx, org, { parties, purposes });
  if (freeze !== null) return refused('frozen', frozenWords(freeze, recipient));
  return (await endedAgreement(tx, org, agreement)) === null
    ? null
    : refused('agreement-ended', `the agreement ${agreement} has ended: what was not fetched stays here`);
}

/** Why everybody is stopped, or another, may be about somebody else: a party is told the words of its own freeze alone. */
function frozenWords({ kind, subject, words }: FreezeRow, recipient: string): string {
  return kind === 'party' && subject === recipient
    ? `processing is frozen: ${words}`
    : 'processing is frozen';
}
