/** Opens the duties of a release, in the transaction that makes it, and those of an agreement that ends. */
import { randomUUID } from 'node:crypto';
import { dayOf } from '../../policy/dates.ts';
import type { Request } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { type DutyOwed, dutiesOf, dutiesOfEnd } from './duties-of.ts';
import { endedAgreement, holdAgreement } from './ended-agreement.ts';
import type { DutyRow } from './gate-duties.ts';
import { queueWebhook } from './queue-webhook.ts';

export type DutiesToOpen = {
  readonly org: string;
  readonly release: string;
  readonly request: Pick<Request, 'agreement' | 'chain' | 'use' | 'deleteBy'>;
  /** For whom it is sealed. */
  readonly recipient: string;
  /** The organisation of the source. */
  readonly supplier: string;
  readonly releasedAt: Date;
};

/**
 * Safe to be called again: a duty that is open already stays as it is. Where the agreement was ended meanwhile, what
 * that asks is opened too. Gives those it opened.
 */
export async function openDuties(tx: Tx, given: DutiesToOpen): Promise<readonly DutyRow[]> {
  const { org, release, releasedAt, request } = given;
  await holdAgreement(tx, org, request.agreement);
  const owed = dutiesOf({ ...given, releasedOn: dayOf(releasedAt.getTime()) });
  const opened = await insertDuties(tx, org, { release, agreement: null, openedAt: releasedAt }, owed);
  const endedAt = await endedAgreement(tx, org, request.agreement);
  if (endedAt === null) return opened;
  return [...opened, ...(await openDeletion(tx, org, { release, agreement: request.agreement, endedAt }))];
}

/** The deletion of a release that the end of its agreement asks of each party that has not said it deleted. */
export async function openDeletion(
  tx: Tx,
  org: string,
  of: { readonly release: string; readonly agreement: string; readonly endedAt: Date },
): Promise<readonly DutyRow[]> {
  const { release, agreement, endedAt } = of;
  const yetToDelete = await tx
    .selectFrom('duty')
    .select(['party', 'due_on as due'])
    .where('org', '=', org)
    .where('release', '=', release)
    .where('agreement', 'is', null)
    .where('kind', '=', 'delete')
    .where('claimed_at', 'is', null)
    .orderBy('party')
    .execute();
  const owed = dutiesOfEnd(yetToDelete, dayOf(endedAt.getTime()));
  return insertDuties(tx, org, { release, agreement, openedAt: endedAt }, owed);
}

async function insertDuties(
  tx: Tx,
  org: string,
  of: { readonly release: string; readonly agreement: string | null; readonly openedAt: Date },
  owed: readonly DutyOwed[],
): Promise<readonly DutyRow[]> {
  const { release, agreement, openedAt } = of;
  if (owed.length === 0) return [];
  const opened = await tx
    .insertInto('duty')
    .values(
      owed.map(({ party, kind, due }) => ({
        ...{ org, id: randomUUID(), release, agreement, party, kind },
        ...{ due_on: due, opened_at: openedAt },
      })),
    )
    .onConflict((conflict) => conflict.columns(['org', 'release', 'agreement', 'party', 'kind']).doNothing())
    .returningAll()
    .execute();
  for (const { id, party, kind, due_on } of opened) {
    const data = { duty: id, release, kind, due: due_on };
    await queueWebhook(tx, org, { event: 'duty.opened', parties: [party], data }, openedAt);
  }
  return opened;
}
