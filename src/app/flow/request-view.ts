/** A request as it is shown, and who may see it. */
import type { QueryCreator } from 'kysely';
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import type { Tables } from '../../store/postgres/tables.ts';
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
  return ifVisible(actor, await requestOf(tx, actor.org, request).executeTakeFirst());
}

/** The select of one request. */
export const requestOf = (db: QueryCreator<Tables>, org: string, request: string) =>
  db.selectFrom('request').selectAll().where('org', '=', org).where('id', '=', request);

/** Of one of the actor's organisation. */
export function ifVisible(actor: Actor, row: RequestRow | undefined): RequestRow | null {
  const party = ownParty(actor);
  return row === undefined || (party !== null && row.recipient !== party) ? null : row;
}
