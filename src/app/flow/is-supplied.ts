/** Whether the release of a request is sealed and on record. */
import type { Tx } from '../../store/postgres/state.ts';

export async function isSupplied(tx: Tx, org: string, request: string): Promise<boolean> {
  const row = await tx
    .selectFrom('supply')
    .innerJoin('release', (join) =>
      join.onRef('release.org', '=', 'supply.org').onRef('release.id', '=', 'supply.release'),
    )
    .select('supply.id')
    .where('supply.org', '=', org)
    .where('release.request', '=', request)
    .executeTakeFirst();
  return row !== undefined;
}
