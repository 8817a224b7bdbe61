/** Freezes, the latest first. A recipient sees what concerns it: its own party's, and those of everything or of a purpose. */
import type { z } from 'zod';
import { type Page, pageInput, pageOf, pageView } from './cursor.ts';
import { type FreezeView, freezeView, viewOfFreeze } from './freeze.ts';
import { ownParty } from './own-party.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { after, timedPlace } from './timed-cursor.ts';

export const listFreezesInput = pageInput;
export const freezesView = pageView(freezeView);

export async function listFreezes(
  service: Service,
  actor: Actor,
  { cursor, limit }: z.output<typeof listFreezesInput>,
): Promise<Answer<Page<FreezeView>>> {
  const place = timedPlace(cursor);
  if (place === null) return refused('input-invalid', 'the cursor is none of this list');
  const own = ownParty(actor);
  const rows = await service.state.as(actor.org, (tx) => {
    const all = tx.selectFrom('freeze').selectAll().where('org', '=', actor.org);
    const seen =
      own === null
        ? all
        : all.where(({ eb, or }) => or([eb('kind', '<>', 'party'), eb('subject', '=', own)]));
    return seen
      .where(after('frozen_at', place))
      .orderBy('frozen_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
  });
  const views = rows.map((row) => viewOfFreeze(row, own));
  return done(pageOf(views, limit, (view) => [view.frozen, view.freeze]));
}
