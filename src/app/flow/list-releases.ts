/** The releases an actor may see, the latest first. */
import type { z } from 'zod';
import { type Page, pageInput, pageOf, pageView } from './cursor.ts';
import { ownParty } from './own-party.ts';
import { type ReleaseView, releaseView, toReleaseView } from './release-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { after, timedPlace } from './timed-cursor.ts';

export const listReleasesInput = pageInput;
export const releasesView = pageView(releaseView);

export async function listReleases(
  { state }: Service,
  actor: Actor,
  { cursor, limit }: z.output<typeof listReleasesInput>,
): Promise<Answer<Page<ReleaseView>>> {
  const place = timedPlace(cursor);
  if (place === null) return refused('input-invalid', 'the cursor is none of this list');
  const party = ownParty(actor);
  const [rows] = await state.look(actor.org, (db) => {
    const all = db.selectFrom('release').selectAll().where('org', '=', actor.org);
    return [
      (party === null ? all : all.where('recipient', '=', party))
        .where(after('released_at', place))
        .orderBy('released_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1),
    ];
  });
  return done(pageOf(rows.map(toReleaseView), limit, ({ releasedAt, id }) => [releasedAt, id]));
}
