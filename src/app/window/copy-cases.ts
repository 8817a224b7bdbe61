/** The requests for a copy that a copy answers. */
import { commit } from '../flow/change-documents.ts';
import type { OwnRecord } from '../flow/own-records.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { type CaseRow, saidOfCase } from './case-row.ts';
import { changeCase, noSuchCase } from './change-case.ts';
import { ownKeyed } from './record-key.ts';

export type CaseOfCopy = OwnRecord & { readonly number: number };

/** The record of an open request for a copy. Refuses `not-found`, `wrong-state`. */
export async function caseOfCopy(service: Service, org: string, id: string): Promise<Answer<CaseOfCopy>> {
  const row = await service.state.as(org, (tx) =>
    tx.selectFrom('member_case').selectAll().where('org', '=', org).where('id', '=', id).executeTakeFirst(),
  );
  if (row === undefined || row.kind !== 'access') return noSuchCase;
  if (row.ended_at !== null) return refused('wrong-state', 'it was answered, and has ended');
  const { source, record, number } = row;
  return source === null || record === null
    ? refused('wrong-state', 'nobody knows which record it is of: find it, and open the request for it')
    : done({ source, record, number });
}

type Member = Extract<Actor, { kind: 'member' }>;

/** Of a member's own those that ask for nothing beside the copy: they have it now. */
export async function endCopyCases(service: Service, actor: Member): Promise<void> {
  // Somebody who answers it at the same moment has ended it.
  for (const { id } of await openCopyCases(service, actor))
    await commit(service, actor.org, (tx) =>
      changeCase(tx, service, actor, {
        ...{ id, version: null, deed: 'done', words: null, contact: null },
        set: () => ({
          ...{ state: 'done', waiting_since: null, ended_at: service.now() },
          ended_by: `${actor.kind}:${actor.id}`,
        }),
      }),
    );
}

/** The open requests of a member for nothing beside the copy. */
export async function openCopyCases(service: Service, actor: Member): Promise<readonly CaseRow[]> {
  const { org } = actor;
  const own = await ownKeyed(service, actor);
  if (own.length === 0) return [];
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
  return open.filter((row) => theirs(row) && saidOfCase(row).words === null);
}
