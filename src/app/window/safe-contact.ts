/**
 * A safe-contact flag: no post, no mail, no name on a screen, for who needs it. One keyed row, no reason: whoever reads the
 * table learns of nobody why.
 */
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { heldRecord, roleText } from './held-record.ts';
import { type KeyedRecord, ownKeyed, recordKey } from './record-key.ts';

export const setSafeContactInput = z.strictObject({
  /** Of staff: whose. A member's are all of their own records. */
  source: z.string().max(80).nullable().default(null),
  person: z.string().max(200).nullable().default(null),
  safe: z.boolean(),
});
export const safeContactView = z
  .object({ safe: z.boolean(), records: z.number().int() })
  .meta({ id: 'SafeContact' });

/** Refuses `not-found`, `input-invalid`. */
export async function setSafeContact(
  service: Service,
  actor: Actor,
  input: z.output<typeof setSafeContactInput>,
): Promise<Answer<z.output<typeof safeContactView>>> {
  const { org } = actor;
  const whose = await recordsMeant(service, actor, input);
  if (whose.kind === 'refused') return whose;
  const set = { set_by: `${actor.kind}:${actor.id}`, set_at: service.now() };
  const addresses = input.safe ? await addressesOf(service, org, whose.value) : [];
  await service.state.as(org, async (tx) => {
    for (const { source, key } of whose.value)
      await write(tx, { org, source, record_key: key, ...set }, input.safe);
    if (addresses.length > 0) await dropMails(tx, org, addresses);
  });
  return done({ safe: input.safe, records: whose.value.length });
}

async function recordsMeant(
  service: Service,
  actor: Actor,
  { source, person }: z.output<typeof setSafeContactInput>,
): Promise<Answer<readonly KeyedRecord[]>> {
  const unknown = refused('not-found', 'there is no such record');
  if (actor.kind === 'member') {
    const own = await ownKeyed(service, actor);
    return own.length === 0 ? unknown : done(own);
  }
  if (source === null || person === null)
    return refused('input-invalid', 'say of which record of which source');
  const one = { source, record: person };
  if ((await heldRecord(service, actor.org, one)) === null) return unknown;
  return done([{ ...one, key: await recordKey(service, actor.org, one) }]);
}

async function addressesOf(
  service: Service,
  org: string,
  records: readonly KeyedRecord[],
): Promise<readonly string[]> {
  const held = await Promise.all(records.map((own) => heldRecord(service, org, own)));
  return held.flatMap((one) => (one === null ? [] : (roleText(one, 'email') ?? [])));
}

/** What waits to be sent; a link to sign in they asked for themselves. */
async function dropMails(tx: Tx, org: string, addresses: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('mail')
    .where('org', '=', org)
    .where('recipient', 'in', addresses)
    .where('kind', '<>', 'sign-in')
    .where('sent_at', 'is', null)
    .execute();
}

type Flag = {
  readonly org: string;
  readonly source: string;
  readonly record_key: string;
  readonly set_by: string;
  readonly set_at: Date;
};

async function write(tx: Tx, flag: Flag, safe: boolean): Promise<void> {
  const { org, source, record_key } = flag;
  if (safe)
    await tx
      .insertInto('safe_contact')
      .values(flag)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  else
    await tx
      .deleteFrom('safe_contact')
      .where('org', '=', org)
      .where('source', '=', source)
      .where('record_key', '=', record_key)
      .execute();
}

/** Whether a record is to be reached by nothing, and named on no screen; by its key (`record-key.ts`). */
export async function isSafe(tx: Tx, org: string, source: string, key: string): Promise<boolean> {
  const found = await tx
    .selectFrom('safe_contact')
    .select('record_key')
    .where('org', '=', org)
    .where('source', '=', source)
    .where('record_key', '=', key)
    .executeTakeFirst();
  return found !== undefined;
}

/** Whether any record of a member's own is. */
export async function isOwnSafe(service: Service, actor: Actor): Promise<boolean> {
  if (actor.kind !== 'member') return false;
  const own = await ownKeyed(service, actor);
  return service.state.as(actor.org, async (tx) => {
    for (const { source, key } of own) if (await isSafe(tx, actor.org, source, key)) return true;
    return false;
  });
}
