/** The requests for a copy that a copy answers. */
import { commit } from '../flow/change-documents.ts';
import type { OwnRecord } from '../flow/own-records.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { type CaseRow, saidOfCase } from './case-row.ts';
import { changeCase, noSuchCase } from './change-case.ts';
import { ownKeyed } from './record-key.ts';

/** The record of an open request for a copy. Refuses `not-found`, `wrong-state`. */
export async function caseOfCopy(service: Service, org: string, id: string): Promise<Answer<OwnRecord>> {
  const row = await service.state.as(org, (tx) =>
    tx.selectFrom('member_case').selectAll().where('org', '=', org).where('id', '=', id).executeTakeFirst(),
  );
  if (row === undefined || row.kind !== 'access') return noSuchCase;
  if (row.ended_at !== null) return refused('wrong-state', 'it was answered, and has ended');
  const { source, record } = row;
  return source === null || record === null
    ? refused('wrong-state', 'nobody knows which record it is of: find it, and open the request for it')
    : done({ source, record });
}

/** Of a member's own those that ask for nothing beside the copy: they have it now. */
export async function endCopyCases(
  service: Service,
  actor: Extract<Actor, { kind: 'member' }>,
): Promise<void> {
  const { org } = actor;
  const own = await ownKeyed(service, actor);
  const open = await service.state.as(org, (tx) =>
    tx
      .selectFrom('member_case')
      .selectAll()
      .where('org', '=', org)
      .where('kind', '=', 'access')
      .where('ended_at', 'is', null)
      .where(
        'record_key',
        'in',
        own.map(({ key }) => key),
      )
      .execute(),
  );
  const theirs = (row: CaseRow): boolean =>
    own.some(({ source, key }) => source === row.source && key === row.record_key);
  // Somebody who answers it at the same moment has ended it.
  for (const { id } of open.filter((row) => theirs(row) && saidOfCase(row).words === null))
    await commit(service, org, (tx) =>
      changeCase(tx, service, actor, {
        ...{ id, version: null, deed: 'done', words: null, contact: null },
        set: () => ({
          ...{ state: 'done', waiting_since: null, ended_at: service.now() },
          ended_by: `${actor.kind}:${actor.id}`,
        }),
      }),
    );
}
