/** What else the person of a request asked for, and waits: an erasure would take its words, and nobody could answer it. */
import { sql } from 'kysely';
import { foldEmail } from '../../policy/fold.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { CaseRow } from './case-row.ts';

/**
 * In the order of their numbers, without erasures: what is erased is erased for each of them (`end-case.ts`). `address`: theirs on
 * record; what somebody in no record asked, to be answered there, is blanked with them as well.
 */
export async function othersOpen(
  tx: Tx,
  { org, id, source, record_key }: Pick<CaseRow, 'org' | 'id' | 'source' | 'record_key'>,
  address: string | null,
): Promise<readonly CaseRow[]> {
  if (source === null || record_key === null) return [];
  return tx
    .selectFrom('member_case')
    .selectAll()
    .where('org', '=', org)
    .where('id', '<>', id)
    .where('kind', '<>', 'erasure')
    .where('ended_at', 'is', null)
    .where(({ or, and, eb }) =>
      or([
        and([eb('source', '=', source), eb('record_key', '=', record_key)]),
        ...(address === null ? [] : [sql<boolean>`lower(trim(reply_to)) = ${foldEmail(address)}`]),
      ]),
    )
    .orderBy('number')
    .execute();
}
