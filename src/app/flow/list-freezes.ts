/** Freezes, the latest first. A recipient sees what concerns it: those of its party or of its group, of everything, or of a purpose. */
import type { z } from 'zod';
import { organisationMeets } from '../../policy/promises.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { type Page, pageInput, pageOf, pageView } from './cursor.ts';
import { type FreezeView, freezeView, viewOfFreeze } from './freeze.ts';
import { ownParty } from './own-party.ts';
import { registerOf } from './register-of.ts';
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
  const rows = await service.state.as(actor.org, async (tx) => {
    const all = tx.selectFrom('freeze').selectAll().where('org', '=', actor.org);
    const subjects = own === null ? [] : await subjectsMeeting(tx, actor.org, own);
    const seen =
      own === null
        ? all
        : all.where(({ eb, or }) => or([eb('kind', '<>', 'party'), eb('subject', 'in', subjects)]));
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

/** Whose freezes stop `party`: its own, its group's, and those of what the register does not know. */
async function subjectsMeeting(tx: Tx, org: string, party: string): Promise<readonly string[]> {
  const frozen = await tx
    .selectFrom('freeze')
    .select('subject')
    .distinct()
    .where('org', '=', org)
    .where('kind', '=', 'party')
    .execute();
  const { organisations } = await registerOf(tx, org);
  const subjects = frozen.flatMap(({ subject }) => (subject === null ? [] : [subject]));
  return [party, ...subjects.filter((subject) => organisationMeets(subject, [party], organisations))];
}
