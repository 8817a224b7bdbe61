/** One release, and what was sealed of it. */
import { z } from 'zod';
import { type releaseDetailView, toReleaseView, viewOfSupply, visibleRelease } from './release-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const showReleaseInput = z.strictObject({ release: z.string().max(200) });

export async function showRelease(
  { state }: Service,
  actor: Actor,
  { release }: z.output<typeof showReleaseInput>,
): Promise<Answer<z.output<typeof releaseDetailView>>> {
  return state.as(actor.org, async (tx) => {
    const row = await visibleRelease(tx, actor, release);
    if (row === null) return refused('not-found', 'there is no such release');
    const sealed = await tx
      .selectFrom('supply')
      .selectAll()
      .where('org', '=', actor.org)
      .where('release', '=', row.id)
      .orderBy('recipient')
      .execute();
    const supplies = [];
    for (const each of sealed) supplies.push(await viewOfSupply(tx, each));
    return done({ ...toReleaseView(row), supplies });
  });
}
