/**
 * Delivers what webhooks are to be told, as the outbox sends mail: taken with a lease, sent while nothing is held in the
 * database, then marked. A receiver may be told twice, and knows it by the id; it may be told out of order.
 */
import { CoverError, ofWebhook } from '../app/flow/cover.ts';
import type { Service } from '../app/flow/service.ts';
import type { Tx } from '../store/postgres/state.ts';
import { type Posted, post } from './post.ts';
import { signedHeaders } from './sign.ts';

type Delivery = {
  readonly org: string;
  readonly id: string;
  readonly webhook: string;
  readonly event: string;
  readonly body: string;
  readonly attempts: number;
  readonly made_at: Date;
  readonly url: string;
  readonly secret: string;
};
export type Delivered = { readonly delivered: number; readonly failed: number; readonly givenUp: number };
type Needs = Pick<Service, 'state' | 'cover' | 'now' | 'log' | 'limits'>;

const second = 1_000;
/** With a receiver. */
const patience = 15 * second;
/** Longer than that. */
const lease = 120 * second;
/** Of one organisation in one turn, side by side: who answers slowly does not hold up the others. */
const atOnce = 16;
const turns = 20;
const triedFor = 7 * 24 * 3_600 * second;
const longestPause = 12 * 3_600 * second;
/** What was delivered or given up is forgotten after so long. */
const keptFor = 30 * 24 * 3_600 * second;
/** "Gone": the receiver wants no more (Standard Webhooks). */
const gone = 410;

/** All that is due, of every organisation. */
export async function deliverDueWebhooks(service: Needs): Promise<Delivered> {
  const counts = { delivered: 0, failed: 0, givenUp: 0 };
  for (const { org } of await service.state.organisations()) {
    for (let turn = 0; turn < turns; turn += 1) {
      const due = await service.state.as(org, (tx) => takeDue(tx, org, service.now()));
      const ends = await Promise.all(due.map((delivery) => deliver(service, delivery)));
      for (const end of ends) counts[end] += 1;
      counts.failed += ends.filter((end) => end === 'givenUp').length;
      if (due.length < atOnce) break;
    }
  }
  return counts;
}

async function takeDue(tx: Tx, org: string, now: Date): Promise<readonly Delivery[]> {
  const due = await tx
    .selectFrom('webhook_delivery as d')
    .innerJoin('webhook as w', (join) => join.onRef('w.org', '=', 'd.org').onRef('w.id', '=', 'd.webhook'))
    .select([
      'd.org',
      'd.id',
      'd.webhook',
      'd.event',
      'd.body',
      'd.attempts',
      'd.made_at',
      'w.url',
      'w.secret',
    ])
    .where('d.org', '=', org)
    .where('d.delivered_at', 'is', null)
    .where('d.given_up_at', 'is', null)
    .where('w.stopped_at', 'is', null)
    .where('d.next_at', '<=', now)
    .orderBy('d.next_at')
    .orderBy('d.id')
    .limit(atOnce)
    .forUpdate('d')
    .skipLocked()
    .execute();
  if (due.length === 0) return [];
  const ids = due.map(({ id }) => id);
  await tx
    .updateTable('webhook_delivery')
    .set(({ eb }) => ({ attempts: eb('attempts', '+', 1), next_at: new Date(now.getTime() + lease) }))
    .where('org', '=', org)
    .where('id', 'in', ids)
    .execute();
  return due.map((each) => ({ ...each, attempts: each.attempts + 1 }));
}

async function deliver(service: Needs, delivery: Delivery): Promise<keyof Delivered> {
  const posted = await postSigned(service, delivery);
  const went = posted.kind === 'answered' && posted.status >= 200 && posted.status < 300;
  return went ? markDelivered(service, delivery, posted.status) : putBack(service, delivery, posted);
}

/** A secret that cannot be opened signs nothing: what goes unsigned could be anybody's. */
async function postSigned(
  { cover, now, limits }: Needs,
  { org, id, webhook, body, url, secret }: Delivery,
): Promise<Posted> {
  const reach = { loopback: limits.loopbackWebhooks === true };
  const seconds = Math.floor(now().getTime() / 1000);
  try {
    const headers = signedHeaders(cover.open(ofWebhook({ org, id: webhook }), secret), { id, seconds, body });
    return await post(url, headers, body, { reach, waitMs: patience });
  } catch (error) {
    if (error instanceof CoverError) return { kind: 'failed', fault: error.code };
    throw error;
  }
}

async function markDelivered(
  { state, now }: Needs,
  { org, id }: Delivery,
  status: number,
): Promise<'delivered'> {
  const change = { delivered_at: now(), status, fault: null };
  await state.as(org, (tx) =>
    tx.updateTable('webhook_delivery').set(change).where('org', '=', org).where('id', '=', id).execute(),
  );
  return 'delivered';
}

/** Tried again after half a minute, one, two, four, at most twelve hours; for a week. */
async function putBack(
  { state, now, log }: Needs,
  delivery: Delivery,
  posted: Posted,
): Promise<'failed' | 'givenUp'> {
  const { org, id, webhook, event, attempts, made_at } = delivery;
  const at = now();
  const [status, fault] = posted.kind === 'answered' ? [posted.status, null] : [null, posted.fault];
  const pause = Math.min(2 ** (attempts - 1) * 30 * second, longestPause);
  const next_at = new Date(at.getTime() + pause);
  const givenUp = status === gone || next_at.getTime() - made_at.getTime() > triedFor;
  await state.as(org, async (tx) => {
    // The webhook before its deliveries, whoever changes both: two that end it at once wait for one another.
    if (status === gone) await stopHook(tx, org, webhook, at);
    await tx
      .updateTable('webhook_delivery')
      .set({ status, fault, ...(givenUp ? { given_up_at: at } : { next_at }) })
      .where('org', '=', org)
      .where('id', '=', id)
      .execute();
  });
  log[givenUp ? 'error' : 'warn'](
    { webhook, delivery: id, event, status, fault, attempts },
    'a webhook was not delivered',
  );
  return givenUp ? 'givenUp' : 'failed';
}

/** And what it was still to be told is given up: it wants none of it. */
export async function stopHook(tx: Tx, org: string, webhook: string, at: Date): Promise<void> {
  await tx
    .updateTable('webhook')
    .set({ stopped_at: at })
    .where('org', '=', org)
    .where('id', '=', webhook)
    .where('stopped_at', 'is', null)
    .execute();
  await tx
    .updateTable('webhook_delivery')
    .set({ given_up_at: at })
    .where('org', '=', org)
    .where('webhook', '=', webhook)
    .where('delivered_at', 'is', null)
    .where('given_up_at', 'is', null)
    .execute();
}

/** What was delivered, or given up, a month ago is forgotten. */
export async function forgetDeliveries({ state, now }: Pick<Needs, 'state' | 'now'>): Promise<void> {
  const before = new Date(now().getTime() - keptFor);
  for (const { org } of await state.organisations())
    await state.as(org, (tx) =>
      tx
        .deleteFrom('webhook_delivery')
        .where('org', '=', org)
        .where('made_at', '<', before)
        .where(({ eb, or }) => or([eb('delivered_at', 'is not', null), eb('given_up_at', 'is not', null)]))
        .execute(),
    );
}
