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
  const theirs = own?.some(({ source, key }) => source === row.source && key === row.record_key) ?? true;
  return theirs ? row : null;
}
