/** What was asked for, and by when it is to be answered: overdue first, and last what ended, the latest first. A member sees their own. */
import { sql } from 'kysely';
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import { type Page, pageInput, pageOf, pageView, partsOf } from '../flow/cursor.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { type CaseView, caseKinds, caseView, viewOfCase } from './case-row.ts';
import { ownKeyed } from './record-key.ts';
import { placeIn } from './visible-case.ts';

export const listCasesInput = pageInput.extend({
  kind: z.enum(caseKinds).optional(),
  state: z.enum(['open', 'overdue', 'ended']).optional().meta({ description: '`open` takes in overdue' }),
});
type Input = z.output<typeof listCasesInput>;
export const listedCaseView = caseView
  .extend({
    /** To a member: which of their records it is of, by which pages know it. Null to staff. */
    record: z.number().int().nullable(),
  })
  .meta({ id: 'ListedCase' });
export type ListedCase = z.output<typeof listedCaseView>;
export const casesView = pageView(listedCaseView);

/** Of one record, for whoever looked its person up: what is open first, then the latest. */
export async function casesOfRecord(
  { state, now }: Service,
  org: string,
  { source, key }: { readonly source: string; readonly key: string },
): Promise<readonly CaseView[]> {
  const rows = await state.as(org, (tx) =>
    tx
      .selectFrom('member_case')
      .selectAll()
      .where('org', '=', org)
      .where('source', '=', source)
      .where('record_key', '=', key)
      .orderBy(sql`ended_at IS NOT NULL`)
      .orderBy('number', 'desc')
      .limit(100)
      .execute(),
  );
  const today = dayOf(now().getTime());
  return rows.map((row) => viewOfCase(row, today));
}

export async function listCases(
  service: Service,
  actor: Actor,
  { cursor, limit, kind, state }: Input,
): Promise<Answer<Page<ListedCase>>> {
  const after = cursor === undefined ? null : partsOf(cursor, 3);
  if (cursor !== undefined && after === null)
    return refused('input-invalid', 'the cursor is none of this list');
  const own = actor.kind === 'member' ? await ownKeyed(service, actor) : null;
  if (own !== null && own.length === 0) return done({ items: [], next: null });
  const today = dayOf(service.now().getTime());
  // A clock that stands counts to the day it was stopped; see `dueNext`.
  const overdue = sql<boolean>`(ended_at IS NULL AND NOT (kind = 'complaint' AND acknowledged_at IS NOT NULL) AND due_on <
    CASE WHEN waiting_since IS NOT NULL AND kind = 'access'
      THEN (waiting_since AT TIME ZONE 'Europe/London')::date ELSE ${today}::date END)`;
  const place = sql<string>`CASE WHEN ended_at IS NOT NULL THEN '2' WHEN ${overdue} THEN '0' ELSE '1' END`;
  // Of what has ended the latest comes first: milliseconds, counted down.
  const then = sql<string>`CASE WHEN ended_at IS NULL THEN due_on::text
    ELSE lpad((9999999999999 - floor(extract(epoch FROM ended_at) * 1000))::bigint::text, 13, '0') END`;
  const rows = await service.state.as(actor.org, (tx) => {
    let query = tx
      .selectFrom('member_case')
      .selectAll()
      .select([place.as('place'), then.as('then')])
      .where('org', '=', actor.org);
    if (own !== null)
      query = query.where(({ or, and, eb }) =>
        or(own.map(({ source, key }) => and([eb('source', '=', source), eb('record_key', '=', key)]))),
      );
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (state !== undefined) query = query.where('ended_at', state === 'ended' ? 'is not' : 'is', null);
    if (state === 'overdue') query = query.where(overdue);
    if (after !== null)
      query = query.where(sql<boolean>`(${place}, ${then}, id) > (${after[0]}, ${after[1]}, ${after[2]})`);
    return query
      .orderBy(place)
      .orderBy(then)
      .orderBy('id')
      .limit(limit + 1)
      .execute();
  });
  const { items, next } = pageOf(rows, limit, (row) => [row.place, row.then, row.id]);
  return done({
    items: items.map((row) => ({ ...viewOfCase(row, today), record: own && placeIn(own, row) })),
    next,
  });
}
