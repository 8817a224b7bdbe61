/** A look-up of whoever asks, while it may be gone back to: from it something is written down for somebody who was not found. */
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { lookUpMs } from './write-look-up.ts';

/** Shows nothing of whom it found. Refuses `not-found` for another's, `link-expired` after an hour. */
export async function ownLookUp(
  { state, now }: Service,
  actor: Actor,
  { lookUp }: { readonly lookUp: string },
): Promise<Answer<{ readonly lookUp: string }>> {
  const row = await state.as(actor.org, (tx) =>
    tx
      .selectFrom('look_up')
      .select(['at', 'by_whom'])
      .where('org', '=', actor.org)
      .where('id', '=', lookUp)
      .executeTakeFirst(),
  );
  if (row === undefined || row.by_whom !== `${actor.kind}:${actor.id}`)
    return refused('not-found', 'you have looked for nobody by that number; look for them first');
  return now().getTime() - row.at.getTime() > lookUpMs
    ? refused('link-expired', 'a look-up is good for an hour; look for them again')
    : done({ lookUp });
}
