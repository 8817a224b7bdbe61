/** A request as it is shown, and who may see it. */
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import type { RequestRow } from './change-request.ts';
import { ownParty } from './own-party.ts';
import type { Actor } from './service.ts';

export const requestState = z.enum(['REQUESTED', 'OFFERED', 'AGREED', 'FINALIZED', 'TERMINATED']);
export const requestView = z
  .object({
    id: z.string(),
    state: requestState,
    agreement: z.string(),
    /** For whom the supply is sealed. */
    recipient: z.string(),
    purposes: z.array(z.string()),
    source: z.string(),
    preparedBy: z.string(),
    requestedAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
    version: z.number().int(),
  })
  .meta({ id: 'Request' });
export type RequestView = z.output<typeof requestView>;

export const toRequestView = (row: RequestRow): RequestView => ({
  id: row.id,
  state: row.state,
  agreement: row.agreement,
  recipient: row.recipient,
  purposes: row.purposes,
  source: row.source,
  preparedBy: row.prepared_by,
  requestedAt: row.requested_at.toISOString(),
  changedAt: row.changed_at.toISOString(),
  version: row.version,
});

/** Null where there is none, or none that this actor may know of. */
export async function visibleRequest(tx: Tx, actor: Actor, request: string): Promise<RequestRow | null> {
  const row = await tx
    .selectFrom('request')
    .selectAll()
    .where('org', '=', actor.org)
    .where('id', '=', request)
    .executeTakeFirst();
  const party = ownParty(actor);
  return row === undefined || (party !== null && row.recipient !== party) ? null : row;
}
