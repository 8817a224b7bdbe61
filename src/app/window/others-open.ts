/** What else the person of a request asked for, and waits: an erasure would take its words, and nobody could answer it. */
import { sql } from 'kysely';
import { foldEmail } from '../../policy/fold.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { CaseRow } from './case-row.ts';

/**
 * In the order of their numbers, without erasures of the same record: what is erased is erased for each of them (`end-case.ts`).
 * `addresses`: theirs alone (`own-addresses.ts`); what somebody in no record asked, to be answered there, is blanked with them as well.
 */
export async function othersOpen(
  tx: Tx,
  { org, id, source, record_key }: Pick<CaseRow, 'org' | 'id' | 'source' | 'record_key'>,
  addresses: readonly string[],
): Promise<readonly CaseRow[]> {
  if (source === null || record_key === null) return [];
  return tx
    .selectFrom('member_case')
    .selectAll()
    .where('org', '=', org)
    .where('id', '<>', id)
    .where('ended_at', 'is', null)
    .where(({ or, eb }) =>
      or([
        eb('kind', '<>', 'erasure'),
        ...[eb('source', 'is', null), eb('source', '<>', source)],
        ...[eb('record_key', 'is', null), eb('record_key', '<>', record_key)],
      ]),
    )
    .where(({ or, and, eb }) =>
      or([
        and([eb('source', '=', source), eb('record_key', '=', record_key)]),
        ...addresses.map((each) => sql<boolean>`lower(trim(reply_to)) = ${foldEmail(each)}`),
      ]),
    )
    .orderBy('number')
    .execute();
}
