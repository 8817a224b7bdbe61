/**
 * A party says, signed, that it has done a duty: kept and logged as its claim. Staff may enter what a party sent them: the signature
 * says whose word it is.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { digestOf } from '../../documents/digest.ts';
import { dayOf } from '../../policy/dates.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { type Attestation, parseAttestation, requireAttestedBy } from '../../supply/attestation.ts';
import { SupplyError } from '../../supply/supply-error.ts';
import { type DutyRow, gateDuty } from './gate-duties.ts';
import { type DutyView, viewOfDuty } from './list-duties.ts';
import { logged } from './logged.ts';
import { ownParty } from './own-party.ts';
import { queueWebhook } from './queue-webhook.ts';
import { registerOf } from './register-of.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from './service.ts';

export const attestDutyInput = z.strictObject({
  duty: z.string().min(1).max(100),
  /** The signed note, whole. */
  note: z.string().min(1).max(20_000),
});

/** How far a party's clock may be from ours, in milliseconds. */
const clockSkew = 5 * 60_000;

export async function attestDuty(
  service: Service,
  actor: Actor,
  { duty, note }: z.output<typeof attestDutyInput>,
): Promise<Answer<DutyView>> {
  const party = ownParty(actor);
  if (party === null && actor.kind !== 'staff')
    return refused('not-allowed', 'what a party sent you is entered by people, not by keys');
  const now = service.now();
  return service.state.as(actor.org, async (tx) => {
    const alike = await claimedTogether(tx, { org: actor.org, party, duty });
    const row = alike.find(({ id }) => id === duty);
    if (row === undefined) return refused('not-found', 'there is no such duty');
    const fault = (await cannotClaim(tx, row)) ?? (await wrongNote(tx, row, note, now));
    if (fault !== null) return fault;
    const open = alike.filter(({ claimed_at }) => claimed_at === null);
    const claimed = await claim(service, tx, open, { note, by: actor.id, now });
    return done(viewOfDuty(claimed.find(({ id }) => id === duty) ?? row, dayOf(now.getTime())));
  });
}

/**
 * The duty, and those that one claim answers for with it: a release and the end of its agreement ask for the deletion of
 * the same data. Locked in one order, so that two claims at once wait for one another.
 */
async function claimedTogether(
  tx: Tx,
  { org, party, duty }: { readonly org: string; readonly party: string | null; readonly duty: string },
): Promise<readonly DutyRow[]> {
  const named = await tx
    .selectFrom('duty')
    .select(['release', 'kind', 'party'])
    .where('org', '=', org)
    .where('id', '=', duty)
    .executeTakeFirst();
  if (named === undefined || (party !== null && named.party !== party)) return [];
  return tx
    .selectFrom('duty')
    .selectAll()
    .where('org', '=', org)
    .where('release', 'is not distinct from', named.release)
    .where('party', '=', named.party)
    .where('kind', '=', named.kind)
    .orderBy('id')
    .forUpdate()
    .execute();
}

async function cannotClaim(tx: Tx, row: DutyRow): Promise<Refused | null> {
  if (row.claimed_at !== null) return refused('already-done', 'this duty is claimed already');
  if (row.kind === 'countersign')
    return refused('wrong-state', 'a supply is countersigned, not attested: send the countersignature');
  if (row.kind !== 'obey-stops' || row.release === null) return null;
  const holding = await tx
    .selectFrom('duty')
    .select('id')
    .where('org', '=', row.org)
    .where('release', '=', row.release)
    .where('party', '=', row.party)
    .where('kind', '=', 'delete')
    .where('claimed_at', 'is', null)
    .executeTakeFirst();
  return holding === undefined
    ? null
    : refused(
        'wrong-state',
        'stops are obeyed for as long as the data are held: attest that they are deleted first',
      );
}

async function wrongNote(tx: Tx, row: DutyRow, text: string, now: Date): Promise<Refused | null> {
  const refusal = (message: string): Refused => refused('attestation-refused', message);
  const { keys } = await registerOf(tx, row.org);
  const key = keys.get(row.party)?.signing ?? null;
  if (key === null)
    return refusal(`${row.party} has no signing-key in organisations.yaml; nothing shows who signed`);
  try {
    const { content, note } = parseAttestation(text);
    requireAttestedBy(note, key);
    return differs(content, row)
      ? refusal('the attestation is of another duty')
      : wrongTime(content, row, now);
  } catch (error) {
    if (error instanceof SupplyError) return refusal(error.message);
    throw error;
  }
}

const differs = (content: Attestation, row: DutyRow): boolean =>
  content.supplier !== row.org ||
  content.duty !== row.id ||
  content.release !== row.release ||
  content.party !== row.party ||
  content.kind !== row.kind;

function wrongTime({ at }: Attestation, row: DutyRow, now: Date): Refused | null {
  const signed = Date.parse(at);
  if (signed > now.getTime() + clockSkew)
    return refused('attestation-refused', `the attestation is from ${at}, which is yet to come`);
  if (signed < row.opened_at.getTime() - clockSkew)
    return refused('attestation-refused', `the attestation is from ${at}, before there was such a duty`);
  return null;
}

async function claim(
  service: Service,
  tx: Tx,
  rows: readonly DutyRow[],
  { note, by, now }: { readonly note: string; readonly by: string; readonly now: Date },
): Promise<readonly DutyRow[]> {
  const [one] = rows;
  if (one === undefined) return [];
  const { org, release, party, kind } = one;
  const said = {
    at: now.toISOString(),
    party,
    release,
    claimed: true,
    attestation: hash('sha256', note, 'hex'),
  };
  const contents = rows.map((row) => ({
    ...{ kind: 'duty-discharged' as const, duty: row.id, obligation: kind, ...said },
    digest: digestOf(gateDuty({ ...row, claimed_at: now })),
  }));
  for (const { id } of rows) {
    const data = { duty: id, release, kind };
    await queueWebhook(tx, org, { event: 'duty.claimed', parties: [party], data }, now);
  }
  const indices = await logged(service, tx, org, contents);
  const claimed = rows.map((row, i) => ({
    ...row,
    ...{ claimed_at: now, claimed_by: by, attestation: note, log_index: indices[i] ?? null },
  }));
  for (const { id, claimed_at, claimed_by, attestation, log_index } of claimed)
    await tx
      .updateTable('duty')
      .set({ claimed_at, claimed_by, attestation, log_index })
      .where('org', '=', org)
      .where('id', '=', id)
      .execute();
  return claimed;
}
