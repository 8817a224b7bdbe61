/** The duty to countersign is done by the countersignature itself, in the transaction of its entry in the log. */
import type { Tx } from '../../store/postgres/state.ts';
import { queueWebhook } from './queue-webhook.ts';

export type Countersigned = {
  readonly org: string;
  readonly release: string;
  readonly party: string;
  readonly by: string;
  readonly at: Date;
  /** Of the `receipt` entry. */
  readonly logIndex: bigint;
};

/** Does nothing where there is no such duty, or it is done. */
export async function settleCountersign(tx: Tx, signed: Countersigned): Promise<void> {
  const { org, release, party, by, at, logIndex } = signed;
  const settled = await tx
    .updateTable('duty')
    .set({ claimed_at: at, claimed_by: by, log_index: logIndex })
    .where('org', '=', org)
    .where('release', '=', release)
    .where('party', '=', party)
    .where('kind', '=', 'countersign')
    .where('claimed_at', 'is', null)
    .returning('id')
    .execute();
  for (const { id } of settled) {
    const data = { duty: id, release, kind: 'countersign' as const };
    await queueWebhook(tx, org, { event: 'duty.claimed', parties: [party], data }, at);
  }
}
