/** Webhooks hear of a request's new state in the transaction that changes it. */
import type { Tx } from '../../store/postgres/state.ts';
import type { RequestRow } from './change-request.ts';
import { queueWebhook } from './queue-webhook.ts';

export function tellChange(tx: Tx, { org, id, state, recipient }: RequestRow, now: Date): Promise<void> {
  const data = { request: id, state };
  return queueWebhook(tx, org, { event: 'request.changed', parties: [recipient], data }, now);
}
