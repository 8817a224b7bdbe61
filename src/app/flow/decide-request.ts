/** What an officer does with a request, and what its own side does to end it: each with words that say why. */
import { z } from 'zod';
import type { RequestDeed } from '../../store/postgres/tables.ts';
import { commit } from './change-documents.ts';
import { changeState } from './change-request.ts';
import { type RequestView, toRequestView, visibleRequest } from './request-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { tellChange } from './tell-change.ts';

export const deedInput = z.strictObject({
  request: z.string().max(100),
  words: z
    .string()
    .max(4000)
    .refine((text) => text.trim() !== '' && text.isWellFormed(), { error: 'say why, in words' }),
  version: z.number().int().min(1),
});

/** Refuses `not-found`, `changed-meanwhile`, `wrong-state`. */
export async function decideRequest(
  service: Service,
  actor: Actor,
  deed: RequestDeed,
  { request, words, version }: z.output<typeof deedInput>,
): Promise<Answer<RequestView>> {
  const { org, id: by } = actor;
  const now = service.now();
  const answer = await commit<RequestView>(service, org, async (tx) => {
    if ((await visibleRequest(tx, actor, request)) === null)
      return refused('not-found', `there is no request "${request}"`);
    const changed = await changeState(tx, { org, request, deed, by, words, version, now });
    if (changed.kind === 'refused') return changed;
    await tellChange(tx, changed.value, now);
    return done(toRequestView(changed.value));
  });
  return answer ?? refused('not-found', `there is no request "${request}"`);
}
