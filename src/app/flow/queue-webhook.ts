/** Tells webhooks of what happened, in the transaction in which it did: both, or neither. */
import { randomUUID } from 'node:crypto';
import { onceIn } from '../../store/postgres/once-in.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { type WebhookEvent, webhookEvents } from '../../webhook/events.ts';

/**
 * One delivery for each webhook of the organisation itself, and of each party named: a party hears of nothing that is
 * another's. Throws ZodError where `data` holds more than the event tells.
 */
export async function queueWebhook(
  tx: Tx,
  org: string,
  told: WebhookEvent & { readonly parties: 'all' | readonly string[] },
  now: Date,
): Promise<void> {
  const { event, parties } = told;
  const data = webhookEvents[event].parse(told.data);
  const hooks = await standing(tx, org);
  const heard = hooks.filter(({ party }) => party === null || parties === 'all' || parties.includes(party));
  if (heard.length === 0) return;
  const body = JSON.stringify({ type: event, timestamp: now.toISOString(), data });
  await tx
    .insertInto('webhook_delivery')
    .values(
      heard.map(({ id }) => ({
        ...{ org, id: randomUUID(), webhook: id, event, body },
        ...{ made_at: now, next_at: now, attempts: 0 },
      })),
    )
    .execute();
}

/** A transaction may tell of many things. */
const standing = onceIn((tx: Tx, org) =>
  tx
    .selectFrom('webhook')
    .select(['id', 'party'])
    .where('org', '=', org)
    .where('stopped_at', 'is', null)
    .execute(),
);
