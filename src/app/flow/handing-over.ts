/** What stands against handing a supply over now: a freeze, however late it came, and the end of the agreement. */
import type { Tx } from '../../store/postgres/state.ts';
import { endedAgreement } from './ended-agreement.ts';
import { frozenBy } from './frozen.ts';
import type { SupplyRow } from './release-view.ts';
import { type Refused, refused } from './service.ts';

/** Refuses `frozen`, `agreement-ended`; null where nothing here does. */
export async function handingOverBar(
  tx: Tx,
  { org, release, recipient }: SupplyRow,
): Promise<Refused | null> {
  const { agreement, purposes } = await tx
    .selectFrom('release')
    .innerJoin('request', (join) =>
      join.onRef('request.org', '=', 'release.org').onRef('request.id', '=', 'release.request'),
    )
    .select(['request.agreement', 'request.purposes'])
    .where('release.org', '=', org)
    .where('release.id', '=', release)
    .executeTakeFirstOrThrow();
  const freeze = await frozenBy(tx, org, { parties: [recipient], purposes });
  if (freeze !== null) return refused('frozen', `processing is frozen: ${freeze.words}`);
  return (await endedAgreement(tx, org, agreement)) === null
    ? null
    : refused('agreement-ended', `the agreement ${agreement} has ended: what was not fetched stays here`);
}
