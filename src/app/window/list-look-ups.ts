/** Who looked for whom at the desk, and why; the latest first. Whom, only the people themselves and their erasure can tell. */
import { z } from 'zod';
import { type Page, pageInput, pageOf, pageView } from '../flow/cursor.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { after, timedPlace } from '../flow/timed-cursor.ts';

export const listLookUpsInput = pageInput;
export const lookUpView = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    by: z.string().meta({ description: 'staff or machine, and the id of their account' }),
    reason: z.string(),
    /** Kinds of details; the details are kept nowhere. */
    with: z.array(z.string()),
    found: z.number().int(),
  })
  .meta({ id: 'LookUp' });
export type LookUpView = z.output<typeof lookUpView>;
export const lookUpsView = pageView(lookUpView);

export async function listLookUps(
  { state }: Service,
  actor: Actor,
  { cursor, limit }: z.output<typeof listLookUpsInput>,
): Promise<Answer<Page<LookUpView>>> {
  const place = timedPlace(cursor);
  if (place === null) return refused('input-invalid', 'the cursor is none of this list');
  const rows = await state.as(actor.org, (tx) =>
    tx
      .selectFrom('look_up')
      .selectAll()
      .where('org', '=', actor.org)
      .where(after('at', place))
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute(),
  );
  const { items, next } = pageOf(rows, limit, ({ at, id }) => [at.toISOString(), id]);
  return done({
    items: items.map(({ id, at, by_whom: by, reason, asked_with, found }) => ({
      ...{ id, at: at.toISOString(), by, reason, with: asked_with, found },
    })),
    next,
  });
}
