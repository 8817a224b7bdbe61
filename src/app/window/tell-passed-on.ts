/**
 * Mails to parties that something was passed on to them, and that it is still to be done: one a party and day at most, with
 * numbers and days and nothing else. Where nobody acts for the party the organisation's officers are told instead.
 */
import { passedOnMail } from '../../mail/texts.ts';
import { dayOf } from '../../policy/dates.ts';
import type { CivilDate } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { stillHeld, unsettled } from '../flow/overdue-passed-on.ts';
import { queueMail } from '../flow/queue-mail.ts';
import { type AddressesOf, stepReached, type To, toWhom } from '../flow/remind.ts';
import type { Service } from '../flow/service.ts';

type Open = {
  readonly party: string;
  readonly count: number;
  readonly due: CivilDate;
  readonly latest: Date;
};
type Needs = Pick<Service, 'state' | 'now' | 'limits' | 'url'>;

/** Safe on two servers at once. Gives how many parties were written to. */
export async function tellPassedOn(service: Needs, addressesOf: AddressesOf): Promise<number> {
  let told = 0;
  const now = service.now();
  const today = dayOf(now.getTime());
  for (const { org, name } of await service.state.organisations()) {
    const due = await service.state.as(org, (tx) => toTell(tx, org, today, service.limits.remindDays));
    for (const open of due) {
      const to = await toWhom(org, open.party, addressesOf);
      if (to.addresses.length === 0) continue;
      const by = { ...to, org, name, now, today, url: service.url };
      if (await service.state.as(org, (tx) => tell(tx, open, by))) told += 1;
    }
  }
  return told;
}

/** Of whom nothing was said today: whoever has something new, or has come to another of the set days. */
async function toTell(
  tx: Tx,
  org: string,
  today: CivilDate,
  steps: readonly number[],
): Promise<readonly Open[]> {
  const rows = await tx
    .selectFrom('passed_on')
    .select(({ fn }) => [
      'party',
      fn.countAll<bigint>().as('count'),
      fn.min('due_on').as('due'),
      fn.max('made_at').as('latest'),
    ])
    .where('org', '=', org)
    .where(unsettled)
    .where(stillHeld)
    .groupBy('party')
    .orderBy('party')
    .execute();
  const before = await tx
    .selectFrom('passed_on_reminder')
    .distinctOn('party')
    .select(['party', 'day', 'at'])
    .where('org', '=', org)
    .orderBy('party')
    .orderBy('day', 'desc')
    .execute();
  const last = new Map(before.map((each) => [each.party, each]));
  return rows
    .map(({ count, ...row }) => ({ ...row, count: Number(count), latest: new Date(row.latest) }))
    .filter(({ party, due, latest }) => {
      const told = last.get(party);
      if (told === undefined) return true;
      if (told.day >= today) return false;
      if (latest > told.at) return true;
      const step = stepReached(daysBetween(today, due), steps);
      return step !== null && step !== stepReached(daysBetween(told.day, due), steps);
    });
}

const daysBetween = (from: CivilDate, to: CivilDate): number =>
  (Date.parse(to) - Date.parse(from)) / 86_400_000;

type By = To & {
  readonly org: string;
  readonly name: string;
  readonly now: Date;
  readonly today: CivilDate;
  readonly url: string;
};

/** The note of it and its mails together, or neither; false where another server was first. */
async function tell(tx: Tx, { party, count, due }: Open, by: By): Promise<boolean> {
  const { org, name, now, today, url, instead } = by;
  const first = await tx
    .insertInto('passed_on_reminder')
    .values({ org, party, day: today, at: now })
    .onConflict((conflict) => conflict.columns(['org', 'party', 'day']).doNothing())
    .returning('party')
    .executeTakeFirst();
  if (first === undefined) return false;
  const list = `${url}/organisations/${org}/passed-on`;
  const page = instead ? `${list}/of/${encodeURIComponent(party)}` : list;
  const text = passedOnMail({ name, party, count, due, overdue: due < today, instead, url: page });
  for (const recipient of new Set(by.addresses)) await queueMail(tx, { org, recipient, ...text }, now);
  return true;
}
