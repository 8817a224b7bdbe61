/** A member whom nothing refuses, and the world they are made in. */
import { addPeriod } from '../../src/policy/dates.ts';
import type { CivilDate } from '../../src/policy/model.ts';
import type { Draw } from './draw.ts';
import { noticeId } from './notices.ts';
import type { Cells, Present, RawEvent, RawRecord } from './world.ts';

/** The world while its people are drawn. */
export type Making = {
  readonly draw: Draw;
  readonly present: Present;
  readonly records: RawRecord[];
  readonly events: RawEvent[];
  readonly areas: (readonly [string, string])[];
  /** Rows of the suppression lists by list id. */
  readonly listed: ReadonlyMap<string, Cells[]>;
};
export type Kind = (making: Making, row: RawRecord) => void;
/** A kind whose cells differ in these from a plain member's. */
export const set =
  (change: (making: Making) => Partial<RawRecord>): Kind =>
  (making, row) => {
    Object.assign(row, change(making));
  };

const surnames = [
  'Smith',
  'O’Brien',
  "D'Arcy",
  'Núñez',
  'Müller-Lyer',
  'Van der Berg',
  'Ng',
  'Žižek',
  'St. John',
  'Patel',
  'MacDonald',
  'Brontë',
];
const forenames = ['Ann', 'Zoë', 'José', 'Mary Jane', 'Ike', 'Siân', 'Олга', 'Li'];
const letters = 'ABCDEFGHJKLMNPQRSTUWXYZ';

/** The day some months and days from the world's. */
export const daysOff = ({ day }: Present, months: number, days: number): CivilDate =>
  addPeriod(day, { months, days });

/** A member whom nothing refuses, alone at their postcode. */
export function plainMember({ draw, present, records, areas }: Making): RawRecord {
  const n = records.length;
  const letter = (i: number): string => letters[Math.floor(i) % letters.length] ?? 'A';
  const postcode = `${letter(n / 23)}${letter(n)}${(Math.floor(n / 529) % 9) + 1} ${draw.int(0, 9)}${letter(draw.int(0, 22))}${letter(draw.int(0, 22))}`;
  const joined = daysOff(present, -draw.int(8, 13), draw.int(-9, 9));
  const row: RawRecord = {
    id: draw.pick([`M${n}`, `${n}`, `m-${n}/x`]),
    forename: draw.pick(forenames),
    surname: draw.pick(surnames),
    address: `${draw.int(1, 99)} High Street`,
    postcode,
    email: `p${n}@example.org`,
    phone: `07700 9${String(n).padStart(5, '0')}`,
    dob: `19${draw.int(60, 89)}-0${draw.int(1, 9)}-${draw.int(10, 28)}`,
    faith: '',
    odd: '',
    tier: 'gold',
    score: '8',
    active: 'true',
    seen: daysOff(present, -draw.int(1, 6), draw.int(-9, 9)),
    left: daysOff(present, -draw.int(1, 6), 0),
    died: 'N',
    gone: 'N',
    c1: daysOff(present, -draw.int(14, 21), draw.int(-9, 9)),
    c1_died: '',
    c1_name: draw.pick(['', 'Baby']),
    c2: '',
    c2_died: '',
    joined,
    notice: noticeId('good'),
    form: '',
    channel: 'app',
    origin: 'own',
    kids_notice: noticeId('good'),
    kids_on: daysOff(present, -draw.int(8, 13), 0),
    optin: draw.pick(['Y', '1']),
    optin_on: joined,
    named: '',
    named_on: '',
    renotice: '',
    renotice_on: '',
    renotice_status: '',
    mailed_on: '',
    mailed_how: '',
    mailed_again: '',
  };
  areas.push([draw.chance(50) ? postcode : postcode.toLowerCase().replace(' ', ''), draw.pick(['E1', 'É2'])]);
  records.push(row);
  return row;
}
