/** Stops a webhook: it is told nothing more, not even what it was about to be told. */
import { z } from 'zod';
import { stopHook } from '../../webhook/deliver.ts';
import { viewOfWebhook, type WebhookView, webhookParty } from './list-webhooks.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const stopWebhookInput = z.strictObject({ webhook: z.string().min(1).max(100) });

export async function stopWebhook(
  service: Service,
  actor: Actor,
  { webhook }: z.output<typeof stopWebhookInput>,
): Promise<Answer<WebhookView>> {
  const { org } = actor;
  const now = service.now();
  return service.state.as(org, async (tx) => {
    const row = await tx
      .selectFrom('webhook')
      .selectAll()
      .where('org', '=', org)
      .where('id', '=', webhook)
      .where('party', 'is not distinct from', webhookParty(actor))
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return refused('not-found', 'there is no such webhook');
    if (row.stopped_at !== null) return refused('already-done', 'this webhook is stopped already');
    await stopHook(tx, org, webhook, now);
    return done(viewOfWebhook({ ...row, stopped_at: now }));
  });
}
