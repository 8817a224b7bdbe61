/** The webhooks that somebody has set up: of the organisation itself, or of a recipient's own party; for an auditor all. */
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../../store/postgres/tables.ts';
import { type Page, pageInput, pageOf, pageView } from './cursor.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { after, timedPlace } from './timed-cursor.ts';

export const listWebhooksInput = pageInput;
export const webhookView = z
  .object({
    webhook: z.string(),
    /** Whose; null: the organisation's own, which is told of everything. */
    party: z.string().nullable(),
    url: z.string(),
    madeBy: z.string(),
    made: z.iso.datetime(),
    stopped: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Webhook' });
export type WebhookView = z.output<typeof webhookView>;
export const webhooksView = pageView(webhookView);

export async function listWebhooks(
  service: Service,
  actor: Actor,
  { cursor, limit }: z.output<typeof listWebhooksInput>,
): Promise<Answer<Page<WebhookView>>> {
  const place = timedPlace(cursor);
  if (place === null) return refused('input-invalid', 'the cursor is none of this list');
  const party = webhookParty(actor);
  const all = actor.kind !== 'member' && actor.roles.has('auditor');
  const rows = await service.state.as(actor.org, (tx) =>
    tx
      .selectFrom('webhook')
      .selectAll()
      .where('org', '=', actor.org)
      .$if(!all, (own) => own.where('party', 'is not distinct from', party))
      .where(after('made_at', place))
      .orderBy('made_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute(),
  );
  return done(pageOf(rows.map(viewOfWebhook), limit, (view) => [view.made, view.webhook]));
}

/** Whose webhooks somebody sets up: a steward the organisation's, and else a recipient its party's. */
export function webhookParty(actor: Actor): string | null {
  if (actor.kind === 'member') return '';
  return actor.roles.has('steward') ? null : (actor.party ?? '');
}

export function viewOfWebhook(row: Selectable<Tables['webhook']>): WebhookView {
  const { id, party, url, made_by, made_at, stopped_at } = row;
  return {
    ...{ webhook: id, party, url, madeBy: made_by, made: made_at.toISOString() },
    stopped: stopped_at?.toISOString() ?? null,
  };
}
