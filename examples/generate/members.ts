/** `members.csv` and `areas.csv` and `seats.csv` of the parenting club. */
import { join } from 'node:path';
import type { Geography } from './geography.ts';
import { type Child, personOf, recordOf, type World } from './person.ts';
import { cell, openRows } from './rows.ts';

const header =
  'member_id,first_name,surname,address_1,postcode,email,phone,born_on,joined_on,joined_by,notice_version,form_code,' +
  'child1_name,child1_born,child1_died,child2_name,child2_born,child2_died,child3_name,child3_born,child3_died,' +
  'deceased,gone_away,asked_on,asked_status,optin_post,optin_on\n';

/** The id of a row's record: `M00000001` is the first. */
export function memberId(row: number): string {
  return `M${String(row + 1).padStart(8, '0')}`;
}

export function writeMembers(world: World, dir: string, members: number): void {
  const rows = openRows(join(dir, 'members.csv'));
  rows.add(header);
  for (let row = 0; row < members; row++) rows.add(memberLine(world, row));
  rows.close();
}

function memberLine(world: World, row: number): string {
  const { identity: who, second } = personOf(world, row);
  const what = recordOf(world, row, who, second);
  const [one, two, three] = what.children;
  return (
    `${memberId(row)},${who.forename},${who.surname},${cell(who.address)},${who.postcode},${second ? '' : who.email},` +
    `${who.phone},${who.born},${what.joined},${what.channel},${what.notice},${what.form},` +
    `${child(one)},${child(two)},${child(three)},` +
    `${what.deceased},${what.goneAway},${what.askedOn},${what.askedStatus},${what.optIn},${what.optInOn}\n`
  );
}

const child = (one: Child | undefined): string =>
  one === undefined ? ',,' : `${one.name},${one.born},${one.died}`;

export function writeAreas(geography: Geography, dir: string): void {
  const rows = openRows(join(dir, 'areas.csv'));
  rows.add('postcode,area\n');
  geography.eachPostcode((postcode, area) => rows.add(`${postcode},${area}\n`));
  rows.close();
  const seats = openRows(join(dir, 'seats.csv'));
  seats.add('area\n');
  for (const area of geography.seats) seats.add(`${area}\n`);
  seats.close();
}
