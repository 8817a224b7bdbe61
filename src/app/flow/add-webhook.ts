/** Sets up a webhook: an address that is told, signed, of what concerns whoever set it up. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type AddressFault, hostOf, reachableAddresses, webhookUrl } from '../../webhook/address.ts';
import { newSecret } from '../../webhook/sign.ts';
import { ofWebhook } from './cover.ts';
import { viewOfWebhook, webhookParty, webhookView } from './list-webhooks.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const addWebhookInput = z.strictObject({ url: z.string().min(1).max(2000) });
export const webhookMadeView = webhookView.extend({
  /** Shown once: deliveries are signed with it (Standard Webhooks). */
  secret: z.string(),
});
export type WebhookMade = z.output<typeof webhookMadeView>;

/** More would be a mistake, or worse. */
const mostOfParty = 20;

const faults: Readonly<Record<AddressFault, string>> = {
  'url-malformed': 'this is no URL',
  'not-https': 'a webhook goes by https',
  'has-credentials': 'a webhook is signed: leave name and password out of its URL',
  'address-unknown': 'nothing is known by that name',
  'address-private': 'this address is not on the open internet',
};

export async function addWebhook(
  service: Service,
  actor: Actor,
  input: z.output<typeof addWebhookInput>,
): Promise<Answer<WebhookMade>> {
  const reach = { loopback: service.limits.loopbackWebhooks === true };
  const url = webhookUrl(input.url, reach);
  if (typeof url === 'string') return refused('webhook-address', faults[url]);
  const addresses = await reachableAddresses(hostOf(url), reach);
  if (typeof addresses === 'string') return refused('webhook-address', faults[addresses]);
  const party = webhookParty(actor);
  return service.state.as(actor.org, async (tx) => {
    const { count } = await tx
      .selectFrom('webhook')
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .where('org', '=', actor.org)
      .where('party', 'is not distinct from', party)
      .where('stopped_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (count >= mostOfParty)
      return refused('wrong-state', `there are ${mostOfParty} webhooks already: stop one first`);
    const secret = newSecret();
    const named = { org: actor.org, id: randomUUID() };
    const row = {
      ...{ ...named, party, url: url.href, secret: service.cover.seal(ofWebhook(named), secret) },
      ...{ made_by: actor.id, made_at: service.now(), stopped_at: null },
    };
    await tx.insertInto('webhook').values(row).execute();
    return done({ ...viewOfWebhook(row), secret });
  });
}
