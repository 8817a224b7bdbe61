/** A recipient's countersignature of what it received: in the log, with the duty done by it, together or not at all. */
import { z } from 'zod';
import { postgresLedger } from '../../store/postgres/ledger.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { transactionOf } from '../../store/postgres/transaction-of.ts';
import { parseCountersignature } from '../../supply/countersignature.ts';
import { SupplyError } from '../../supply/supply-error.ts';
import { acceptCountersignature, type Receipt } from '../supply/countersign.ts';
import { readWorkspace } from './read-workspace.ts';
import { ownSupply, type SupplyRow, type SupplyView, viewOfSupply } from './release-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { settleCountersign } from './settle-countersign.ts';
import { rootOf } from './workspace-of.ts';

export const countersignSupplyInput = z.strictObject({
  supply: z.string().max(100),
  note: z.string().max(20_000).meta({ description: 'the signed note that astold receive wrote' }),
});

/** Refuses `not-found`, `already-done`, `countersignature-refused`. */
export async function countersignSupply(
  service: Service,
  actor: Actor,
  { supply: id, note }: z.output<typeof countersignSupplyInput>,
): Promise<Answer<SupplyView>> {
  const { org } = actor;
  const supply = await service.state.as(org, (tx) => ownSupply(tx, actor, id));
  if (supply === null) return refused('not-found', 'there is no such supply');
  if (supply.countersigned_at !== null) return refused('already-done', 'this supply is countersigned');
  const workspace = await readWorkspace(service, org);
  const place = postgresLedger({ state: service.state, org, root: rootOf(service, org) });
  try {
    requireOf(supply, note);
    await acceptCountersignature(workspace, place, note, async (tx, receipt) =>
      settle(transactionOf(tx), service, actor, supply, receipt),
    );
  } catch (error) {
    if (!(error instanceof SupplyError)) throw error;
    // Of two at once, the other was first.
    return refused(
      error.code === 'receipt-exists' ? 'already-done' : 'countersignature-refused',
      error.message,
    );
  }
  const row = await service.state.as(org, async (tx) => {
    const found = await ownSupply(tx, actor, id);
    return found === null ? null : viewOfSupply(tx, found);
  });
  return row === null ? refused('not-found', 'there is no such supply') : done(row);
}

/** Throws SupplyError where it was signed of another supply than the one that is named. */
function requireOf({ release, recipient }: SupplyRow, note: string): void {
  const { content } = parseCountersignature(note);
  if (content.release === release && content.recipient === recipient) return;
  throw new SupplyError(
    'countersignature-of-other-release',
    `the countersignature is of release ${content.release} for ${content.recipient}`,
  );
}

async function settle(
  tx: Tx,
  { now }: Service,
  actor: Actor,
  { org, id, release, recipient }: SupplyRow,
  { index }: Receipt,
): Promise<void> {
  const at = now();
  await tx
    .updateTable('supply')
    .set({ countersigned_at: at, countersigned_by: actor.id })
    .where('org', '=', org)
    .where('id', '=', id)
    .execute();
  await settleCountersign(tx, { org, release, party: recipient, by: actor.id, at, logIndex: index });
}
