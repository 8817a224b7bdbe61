/** The requests an actor may see, the latest first. */
import type { z } from 'zod';
import { type Page, pageInput, pageOf, pageView } from './cursor.ts';
import { ownParty } from './own-party.ts';
import { type RequestView, requestState, requestView, toRequestView } from './request-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { after, timedPlace } from './timed-cursor.ts';

export const listRequestsInput = pageInput.extend({ state: requestState.optional() });
export const requestsView = pageView(requestView);

export async function listRequests(
  { state }: Service,
  actor: Actor,
  { cursor, limit, state: wanted }: z.output<typeof listRequestsInput>,
): Promise<Answer<Page<RequestView>>> {
  const place = timedPlace(cursor);
  if (place === null) return refused('input-invalid', 'the cursor is none of this list');
  const party = ownParty(actor);
  const [rows] = await state.look(actor.org, (db) => {
    let query = db.selectFrom('request').selectAll().where('org', '=', actor.org);
    if (party !== null) query = query.where('recipient', '=', party);
    if (wanted !== undefined) query = query.where('state', '=', wanted);
    return [
      query
        .where(after('requested_at', place))
        .orderBy('requested_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1),
    ];
  });
  return done(pageOf(rows.map(toRequestView), limit, ({ requestedAt, id }) => [requestedAt, id]));
}
