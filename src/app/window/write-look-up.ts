/**
 * The log of look-ups: who looked for whom, when, why, and by which kinds of details, never the details. It is written before
 * anybody is shown, and so many an hour is all that one person may: to look at people is a power over them.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '../../store/postgres/state.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { type PersonRow, type PersonView, viewOfPerson } from './person-shown.ts';
import { isSafe } from './safe-contact.ts';

/** Of one person, their keys with them. A busy desk has a call a minute. */
export const lookUpsAnHour = 60;
/** More than so many are not shown: whoever looks for somebody knows more of them. */
export const mostFound = 20;
/** For how long what was found may be gone back to, by who looked. */
export const lookUpMs = 3_600_000;
const hour = 3_600_000;

export type Kind = 'record' | 'email' | 'phone' | 'surname' | 'postcode' | 'birth-date' | 'letter' | 'case';
export type LookUp = {
  readonly reason: string;
  readonly askedWith: readonly Kind[];
  /** At most one more than `mostFound`: then nobody is shown. */
  readonly found: readonly PersonRow[];
};
export type LookedUp = {
  readonly lookUp: string;
  readonly people: readonly PersonView[];
  readonly more: boolean;
};

/** Refuses `too-many-look-ups`, with nothing shown. */
export async function writeLookUp(
  service: Service,
  actor: Actor,
  { reason, askedWith, found }: LookUp,
): Promise<Answer<LookedUp>> {
  const { org } = actor;
  const more = found.length > mostFound;
  return service.state.as(org, async (tx) => {
    const now = service.now();
    // Of two at once the second sees the first.
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`look-ups ${org} ${actor.id}`}, 0))`.execute(
      tx,
    );
    if ((await spent(tx, actor, new Date(now.getTime() - hour))) >= lookUpsAnHour)
      return refused(
        'too-many-look-ups',
        `you have looked for people ${lookUpsAnHour} times within an hour; wait a while, and ask an officer if the desk needs more`,
      );
    const id = randomUUID();
    const by_whom = `${actor.kind}:${actor.id}`;
    await tx
      .insertInto('look_up')
      .values({ org, id, by_whom, at: now, reason, asked_with: [...askedWith], found: found.length })
      .execute();
    const people: PersonView[] = [];
    for (const [i, each] of more ? [] : found.entries()) {
      const { source, key } = each;
      const row = { org, look_up: id, number: i + 1, source: source.id, record_key: key, opened: false };
      await tx.insertInto('look_up_record').values(row).execute();
      people.push(viewOfPerson(each, i + 1, await isSafe(tx, org, source.id, key)));
    }
    return done({ lookUp: id, people, more });
  });
}

async function spent(tx: Tx, actor: Actor, since: Date): Promise<number> {
  const { count } = await tx
    .selectFrom('look_up')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('org', '=', actor.org)
    .where('by_whom', 'in', [`staff:${actor.id}`, `machine:${actor.id}`])
    .where('at', '>', since)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Who looked at somebody: for their own access, and for what is blanked when they are erased. */
export async function lookUpsOf(
  tx: Tx,
  of: { readonly org: string; readonly source: string; readonly recordKeys: readonly string[] },
): Promise<
  readonly { readonly id: string; readonly at: Date; readonly by: string; readonly reason: string }[]
> {
  if (of.recordKeys.length === 0) return [];
  return tx
    .selectFrom('look_up')
    .innerJoin('look_up_record', (join) =>
      join.onRef('look_up_record.org', '=', 'look_up.org').onRef('look_up_record.look_up', '=', 'look_up.id'),
    )
    .select(['look_up.id', 'look_up.at', 'look_up.by_whom as by', 'look_up.reason'])
    .distinct()
    .where('look_up.org', '=', of.org)
    .where('look_up_record.source', '=', of.source)
    .where('look_up_record.record_key', 'in', [...of.recordKeys])
    .orderBy('look_up.at')
    .execute();
}
