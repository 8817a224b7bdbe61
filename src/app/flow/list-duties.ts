/** The duties that are owed, the most pressing first. A recipient sees its own party's. */
import { sql } from 'kysely';
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import { attestedKinds, dutyToAttest } from '../../supply/attestation.ts';
import { type Page, pageInput, pageOf, pageView, partsOf } from './cursor.ts';
import { dutyWords } from './duty-words.ts';
import type { DutyRow } from './gate-duties.ts';
import { ownParty } from './own-party.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const listDutiesInput = pageInput.extend({
  party: z.string().min(1).max(100).optional(),
  state: z.enum(['open', 'overdue', 'claimed']).optional().meta({ description: '`open` takes in overdue' }),
});
type Input = z.output<typeof listDutiesInput>;

export const dutyView = z
  .object({
    duty: z.string(),
    party: z.string(),
    kind: z.enum(['countersign', 'inform', 'stop-using', 'delete', 'obey-stops']),
    /** What is asked, in words. */
    what: z.string(),
    release: z.string().nullable(),
    agreement: z.string().nullable(),
    /** The last day in London on which it is in time. */
    due: z.iso.date(),
    /** `claimed`: its party says that it is done. Nobody else does. */
    state: z.enum(['open', 'overdue', 'claimed']),
    opened: z.iso.datetime(),
    claimed: z.iso.datetime().nullable(),
    /** What its party signs to claim it (`astold attest`); null where it is done in another way, or claimed. */
    toAttest: dutyToAttest.nullable(),
    /** The signed claim. */
    attestation: z.string().nullable(),
    /** Of its entry in the log. */
    entry: z.number().int().nullable(),
  })
  .meta({ id: 'Duty' });
export type DutyView = z.output<typeof dutyView>;
export const dutiesView = pageView(dutyView);

export async function listDuties(
  service: Service,
  actor: Actor,
  { cursor, limit, party, state }: Input,
): Promise<Answer<Page<DutyView>>> {
  const after = cursor === undefined ? null : partsOf(cursor, 3);
  if (cursor !== undefined && after === null)
    return refused('input-invalid', 'the cursor is none of this list');
  const own = ownParty(actor);
  const today = dayOf(service.now().getTime());
  const [rows] = await service.state.look(actor.org, (db) => {
    // Open ones come first, by the day they are due: what is overdue leads.
    const place = sql<string>`CASE WHEN claimed_at IS NULL THEN '0' ELSE '1' END`;
    let query = db.selectFrom('duty').selectAll().where('org', '=', actor.org);
    if (own !== null) query = query.where('party', '=', own);
    if (party !== undefined) query = query.where('party', '=', party);
    if (state !== undefined) query = query.where('claimed_at', state === 'claimed' ? 'is not' : 'is', null);
    if (state === 'overdue') query = query.where('due_on', '<', today);
    if (after !== null)
      query = query.where(
        sql<boolean>`(${place}, due_on::text, id) > (${after[0]}, ${after[1]}, ${after[2]})`,
      );
    return [
      query
        .orderBy(place)
        .orderBy('due_on')
        .orderBy('id')
        .limit(limit + 1),
    ];
  });
  const views = rows.map((row) => viewOfDuty(row, today));
  return done(pageOf(views, limit, (view) => [view.state === 'claimed' ? '1' : '0', view.due, view.duty]));
}

/** `today` in London. */
export function viewOfDuty(row: DutyRow, today: string): DutyView {
  const { id, party, kind, release, agreement, due_on, opened_at, claimed_at, attestation, log_index } = row;
  const attested = attestedKinds.find((each) => each === kind);
  return {
    ...{ duty: id, party, kind, what: dutyWords(row), release, agreement, due: due_on, attestation },
    state: claimed_at !== null ? 'claimed' : due_on < today ? 'overdue' : 'open',
    opened: opened_at.toISOString(),
    claimed: claimed_at?.toISOString() ?? null,
    toAttest:
      claimed_at === null && attested !== undefined && release !== null
        ? { format: 'astold/attestation/1', supplier: row.org, duty: id, release, party, kind: attested }
        : null,
    entry: log_index === null ? null : Number(log_index),
  };
}
