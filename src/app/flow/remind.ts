/**
 * Reminds parties of duties on the set days: one mail a duty and day to each of a party's staff, whatever happens. Where
 * nobody acts for the party, the organisation's officers are told instead: somebody has to see to it.
 */

import { dutyReminderMail } from '../../mail/texts.ts';
import { dayOf } from '../../policy/dates.ts';
import type { CivilDate } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { dutyWords } from './duty-words.ts';
import type { DutyRow } from './gate-duties.ts';
import { queueMail } from './queue-mail.ts';
import type { Service } from './service.ts';

/** Of those who act for a party; for null, of the organisation's officers. It reads the state by itself, and is asked outside of every transaction. */
export type AddressesOf = (org: string, party: string | null) => Promise<readonly string[]>;
/** `unreached`: nobody is there to write to, of the party or of the officers; they are reminded once somebody is. */
export type Reminded = { readonly reminded: number; readonly unreached: number };
type Due = { readonly duty: DutyRow; readonly days: number; readonly step: number };

/** Safe on two servers at once, and after days off: of the steps that went by, only the latest is said. */
export async function remindOfDuties(
  service: Pick<Service, 'state' | 'now' | 'limits' | 'url'>,
  addressesOf: AddressesOf,
): Promise<Reminded> {
  let [reminded, unreached] = [0, 0];
  const now = service.now();
  for (const { org, name } of await service.state.organisations()) {
    const due = await service.state.as(org, (tx) =>
      dueSteps(tx, org, dayOf(now.getTime()), service.limits.remindDays),
    );
    const addresses = new Map<string, To>();
    for (const each of due) {
      const { party } = each.duty;
      const to = addresses.get(party) ?? (await toWhom(org, party, addressesOf));
      addresses.set(party, to);
      if (to.addresses.length === 0) unreached += 1;
      else if (await service.state.as(org, (tx) => remind(tx, each, { name, ...to, url: service.url, now })))
        reminded += 1;
    }
  }
  return { reminded, unreached };
}

/** Those who act for the party; else the officers, instead. */
export type To = { readonly addresses: readonly string[]; readonly instead: boolean };

export async function toWhom(org: string, party: string, addressesOf: AddressesOf): Promise<To> {
  const addresses = await addressesOf(org, party);
  if (addresses.length > 0) return { addresses, instead: false };
  return { addresses: await addressesOf(org, null), instead: true };
}

/** The step that a duty has come to: the last of those so many days before it is due, or fewer; null before the first. */
export function stepReached(days: number, steps: readonly number[]): number | null {
  const reached = steps.filter((step) => step >= days);
  return reached.length === 0 ? null : Math.min(...reached);
}

async function dueSteps(
  tx: Tx,
  org: string,
  today: CivilDate,
  steps: readonly number[],
): Promise<readonly Due[]> {
  const open = await tx
    .selectFrom('duty')
    .selectAll()
    .where('org', '=', org)
    .where('claimed_at', 'is', null)
    .orderBy('due_on')
    .orderBy('id')
    .execute();
  const said = await tx.selectFrom('duty_reminder').select(['duty', 'days']).where('org', '=', org).execute();
  const done = new Set(said.map(({ duty, days }) => `${duty} ${days}`));
  return open.flatMap((duty) => {
    const days = daysBetween(today, duty.due_on);
    const step = stepReached(days, steps);
    return step === null || done.has(`${duty.id} ${step}`) ? [] : [{ duty, days, step }];
  });
}

const daysBetween = (from: CivilDate, to: CivilDate): number =>
  (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** The reminder's row and its mails together, or neither; false where another server was first, or the duty was claimed. */
async function remind(
  tx: Tx,
  { duty, days, step }: Due,
  by: To & { readonly name: string; readonly url: string; readonly now: Date },
): Promise<boolean> {
  const { org, id, party, kind, due_on } = duty;
  const open = await tx
    .selectFrom('duty')
    .select('id')
    .where('org', '=', org)
    .where('id', '=', id)
    .where('claimed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (open === undefined) return false;
  const first = await tx
    .insertInto('duty_reminder')
    .values({ org, duty: id, days: step, mail: '' })
    .onConflict((conflict) => conflict.columns(['org', 'duty', 'days']).doNothing())
    .returning('duty')
    .executeTakeFirst();
  if (first === undefined) return false;
  const { name, instead, url } = by;
  const what = dutyWords(duty);
  const text = dutyReminderMail({ name, party, kind, what, due: due_on, days, instead, url });
  const mails: string[] = [];
  for (const recipient of new Set(by.addresses))
    mails.push(await queueMail(tx, { org, recipient, ...text }, by.now));
  await tx
    .updateTable('duty_reminder')
    .set({ mail: mails.join(' ') })
    .where('org', '=', org)
    .where('duty', '=', id)
    .where('days', '=', step)
    .execute();
  return true;
}
