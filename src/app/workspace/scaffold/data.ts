/** Twenty invented members of an invented club, and what they and the lists say. */
import { addPeriod } from '../../../policy/dates.ts';
import type { CivilDate } from '../../../policy/model.ts';

type Member = readonly [
  forename: string,
  surname: string,
  address: string,
  childMonths: number | null,
  consents: boolean,
];
const members: readonly Member[] = [
  ['Ada', 'Amberley', '1 Larch Row', 14, true],
  ['Ben', 'Barlow', '2 Larch Row', 40, true],
  ['Cara', 'Cotterell', '3 Larch Row', 8, false],
  ['Dev', 'Dunmore', '4 Larch Row', 75, true],
  ['Edie', 'Elswick', '5 Larch Row', 22, true],
  ['Femi', 'Fairley', '6 Larch Row', 30, true],
  ['Gwen', 'Garside', '7 Larch Row', 3, true],
  ['Hugo', 'Hatherley', '8 Larch Row', null, true],
  ['Isla', 'Ingleby', '9 Larch Row', 18, false],
  ['Joel', 'Jesmond', '10 Larch Row', 51, true],
  ['Kit', 'Kelsall', '11 Larch Row', 64, true],
  ['Lena', 'Lowther', '12 Larch Row', 27, true],
  ['Milo', 'Marsden', '14 Larch Row', 11, true],
  ['Nina', 'Norley', '15 Larch Row', 36, false],
  ['Omar', 'Oakhill', '16 Larch Row', 45, true],
  ['Pia', 'Pelham', '17 Larch Row', 6, true],
  ['Quinn', 'Quarley', '18 Larch Row', 33, true],
  ['Rosa', 'Ridley', '19 Larch Row', 20, true],
  ['Sam', 'Stanley', '20 Larch Row', 90, false],
  ['Tess', 'Tarrant', '21 Larch Row', 16, true],
];

export const idOf = (index: number): string => `M${String(index + 1).padStart(3, '0')}`;
const csv = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

export function membersCsv(today: CivilDate): string {
  const rows = members.map(([forename, surname, address, childMonths, consents], i) => {
    const joined = addPeriod(today, { months: 0, days: -300 + i * 10 });
    const born = childMonths === null ? '' : addPeriod(today, { months: -childMonths, days: -9 });
    const email = `${forename.toLowerCase()}@people.example`;
    return [
      idOf(i),
      forename,
      surname,
      address,
      'ZZ1 1ZZ',
      email,
      joined,
      'web@1',
      consents ? 'Y' : '',
      born,
      '',
    ].join(',');
  });
  return csv([
    'member,forename,surname,address,postcode,email,joined,notice,toys,child_born,child_died',
    ...rows,
  ]);
}

/** One stop by web, and one by a letter that names nobody's number. */
export function preferencesCsv(today: CivilDate): string {
  const stopped = addPeriod(today, { months: 0, days: -20 });
  const letter = addPeriod(today, { months: 0, days: -12 });
  return csv([
    'event,record,kind,purpose,organisation,contact-channel,field,notice,consent,lifts,delivery,signed,received,logged,email,phone,surname,address-line,postcode,birth-date',
    `E001,${idOf(4)},withdrawal,,,,,,,,,${stopped},${stopped},${stopped},,,,,,`,
    `E002,,objection,dpv:DirectMarketing,,,,,,,,${letter},${letter},${letter},,,Pelham,17 Larch Row,ZZ1 1ZZ,`,
  ]);
}

export const ownStopsCsv = csv(['member', idOf(5)]);
export const mpsCsv = csv(['forename,surname,postcode', 'Lena,Lowther,ZZ1 1ZZ']);
export const babyMpsCsv = csv(['surname,address,postcode', 'Marsden,14 Larch Row,ZZ1 1ZZ']);
