/** The cases that somebody may see: a member their own, the staff all of the organisation's. */
import type { Tx } from '../../store/postgres/state.ts';
import type { Actor, Service } from '../flow/service.ts';
import type { CaseRow } from './case-row.ts';
import { type KeyedRecord, ownKeyed } from './record-key.ts';

/** Null: all of the organisation's. */
export const keysOf = (service: Service, actor: Actor): Promise<readonly KeyedRecord[] | null> =>
  actor.kind === 'member' ? ownKeyed(service, actor) : Promise.resolve(null);

/** Null where there is none, or it is another's. */
export async function visibleCase(
  tx: Tx,
  org: string,
  own: readonly KeyedRecord[] | null,
  id: string,
): Promise<CaseRow | null> {
  const row = await tx
    .selectFrom('member_case')
    .selectAll()
    .where('org', '=', org)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  return own === null || placeIn(own, row) !== null ? row : null;
}

/** Which of their records a case is of, from 1; null where it is of none of them. */
export function placeIn(
  own: readonly KeyedRecord[],
  { source, record_key }: Pick<CaseRow, 'source' | 'record_key'>,
): number | null {
  const at = own.findIndex((each) => each.source === source && each.key === record_key);
  return at < 0 ? null : at + 1;
}
