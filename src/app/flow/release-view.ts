/** A release and its supplies as they are shown, and who may see them. */
import type { QueryCreator, Selectable } from 'kysely';
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import type { Tables } from '../../store/postgres/tables.ts';
import { ownParty } from './own-party.ts';
import type { Actor } from './service.ts';

export const releaseView = z
  .object({
    id: z.string(),
    request: z.string(),
    recipient: z.string(),
    rows: z.number().int(),
    cutOff: z.iso.datetime(),
    /** SHA-256 of its manifest. */
    manifest: z.string(),
    /** Of its entry in the log. */
    entry: z.number().int(),
    releasedAt: z.iso.datetime(),
  })
  .meta({ id: 'Release' });
export const supplyView = z
  .object({
    /** SHA-256 of the zip. */
    id: z.string(),
    release: z.string(),
    recipient: z.string(),
    bytes: z.number().int(),
    rows: z.number().int(),
    rosterRoot: z.string(),
    sealedAt: z.iso.datetime(),
    /** When a link to it was used; null: it was not fetched yet. */
    fetchedAt: z.iso.datetime().nullable(),
    countersignedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Supply' });
export const releaseDetailView = releaseView
  .extend({ supplies: z.array(supplyView) })
  .meta({ id: 'ReleaseDetail' });
export type ReleaseView = z.output<typeof releaseView>;
export type SupplyView = z.output<typeof supplyView>;
export type ReleaseRow = Selectable<Tables['release']>;
export type SupplyRow = Selectable<Tables['supply']>;

export const toReleaseView = (row: ReleaseRow): ReleaseView => ({
  id: row.id,
  request: row.request,
  recipient: row.recipient,
  rows: Number(row.rows),
  cutOff: row.cut_off.toISOString(),
  manifest: row.manifest,
  entry: Number(row.log_index),
  releasedAt: row.released_at.toISOString(),
});

export const toSupplyView = (row: SupplyRow, fetchedAt: Date | null): SupplyView => ({
  id: row.id,
  release: row.release,
  recipient: row.recipient,
  bytes: Number(row.bytes),
  rows: Number(row.rows),
  rosterRoot: row.roster_root,
  sealedAt: row.sealed_at.toISOString(),
  fetchedAt: fetchedAt?.toISOString() ?? null,
  countersignedAt: row.countersigned_at?.toISOString() ?? null,
});

/** With when it was first fetched. */
export async function viewOfSupply(tx: Tx, row: SupplyRow): Promise<SupplyView> {
  const { first } = await tx
    .selectFrom('download')
    .select(({ fn }) => fn.min('fetched_at').as('first'))
    .where('org', '=', row.org)
    .where('supply', '=', row.id)
    .executeTakeFirstOrThrow();
  return toSupplyView(row, first);
}

/** Null where there is none, or none that this actor may know of. */
export async function visibleRelease(tx: Tx, actor: Actor, release: string): Promise<ReleaseRow | null> {
  return ifVisible(actor, await releaseOf(tx, actor.org, release).executeTakeFirst());
}

/** The select of one release. */
export const releaseOf = (db: QueryCreator<Tables>, org: string, release: string) =>
  db.selectFrom('release').selectAll().where('org', '=', org).where('id', '=', release);

/** Of one of the actor's organisation. */
export function ifVisible(actor: Actor, row: ReleaseRow | undefined): ReleaseRow | null {
  const party = ownParty(actor);
  return row === undefined || (party !== null && row.recipient !== party) ? null : row;
}

/** The supply of an actor's own party; null where there is none of that id, or it is another's. */
export async function ownSupply(tx: Tx, actor: Actor, supply: string): Promise<SupplyRow | null> {
  if (actor.kind === 'member' || actor.party === null) return null;
  const row = await tx
    .selectFrom('supply')
    .selectAll()
    .where('org', '=', actor.org)
    .where('id', '=', supply)
    .where('recipient', '=', actor.party)
    .executeTakeFirst();
  return row ?? null;
}
