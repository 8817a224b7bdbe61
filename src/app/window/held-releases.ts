/** The releases whose data somebody still holds: what their people say is passed on to whoever does. */
import type { Tx } from '../../store/postgres/state.ts';

export type HeldRelease = {
  readonly release: string;
  readonly source: string;
  readonly cutOff: Date;
  /** The parties of its chain that got the data and have not said that they deleted them. */
  readonly parties: readonly string[];
};

/** A release that was not sealed has no duties: nobody was given it. */
export async function heldReleases(tx: Tx, org: string): Promise<readonly HeldRelease[]> {
  const rows = await tx
    .selectFrom('duty')
    .innerJoin('release', (join) =>
      join.onRef('release.org', '=', 'duty.org').onRef('release.id', '=', 'duty.release'),
    )
    .innerJoin('request', (join) =>
      join.onRef('request.org', '=', 'release.org').onRef('request.id', '=', 'release.request'),
    )
    .select(['release.id as release', 'release.cut_off as cutOff', 'request.source', 'duty.party'])
    .distinct()
    .where('duty.org', '=', org)
    .where('duty.kind', '=', 'delete')
    .where('duty.claimed_at', 'is', null)
    .orderBy('release.id')
    .orderBy('duty.party')
    .execute();
  const held = new Map<string, HeldRelease>();
  for (const { party, ...row } of rows) {
    const before = held.get(row.release)?.parties ?? [];
    held.set(row.release, { ...row, parties: [...before, party] });
  }
  return [...held.values()];
}

/** Of one release, as it is in this very transaction. */
export async function partiesHolding(tx: Tx, org: string, release: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('duty')
    .select('party')
    .distinct()
    .where('org', '=', org)
    .where('release', '=', release)
    .where('kind', '=', 'delete')
    .where('claimed_at', 'is', null)
    .orderBy('party')
    .execute();
  return rows.map(({ party }) => party);
}
