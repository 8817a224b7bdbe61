/** One release, and what was sealed of it. */
import { z } from 'zod';
import { ifVisible, type releaseDetailView, releaseOf, toReleaseView, toSupplyView } from './release-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const showReleaseInput = z.strictObject({ release: z.string().max(200) });

export async function showRelease(
  { state }: Service,
  actor: Actor,
  { release }: z.output<typeof showReleaseInput>,
): Promise<Answer<z.output<typeof releaseDetailView>>> {
  const { org } = actor;
  const [[found], supplies, fetched] = await state.look(org, (db) => [
    releaseOf(db, org, release),
    db
      .selectFrom('supply')
      .selectAll()
      .where('org', '=', org)
      .where('release', '=', release)
      .orderBy('recipient'),
    db
      .selectFrom('download')
      .innerJoin('supply', (join) =>
        join.onRef('supply.org', '=', 'download.org').onRef('supply.id', '=', 'download.supply'),
      )
      .select(({ fn }) => ['supply.id', fn.min('download.fetched_at').as('first')])
      .where('supply.org', '=', org)
      .where('supply.release', '=', release)
      .groupBy('supply.id'),
  ]);
  const row = ifVisible(actor, found);
  if (row === null) return refused('not-found', 'there is no such release');
  const first = new Map(fetched.map((each) => [each.id, each.first]));
  const views = supplies.map((each) => toSupplyView(each, first.get(each.id) ?? null));
  return done({ ...toReleaseView(row), supplies: views });
}
