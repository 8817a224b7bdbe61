/**
 * The committed data of the three small examples, made again: `node examples/generate/small.ts` writes them into
 * the examples, and a test holds what is committed to what this makes.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { date, day } from './calendar.ts';
import { type Parent, parentOf, type Small, smallWorld } from './household.ts';
import { openRows } from './rows.ts';
import { wide } from './suppressions.ts';

/** Each example with the function that writes its data into a folder. */
export const smallExamples: ReadonlyMap<string, (dir: string) => void> = new Map([
  ['selected-third-parties', selectedThirdParties],
  ['campaign-subscribers', campaignSubscribers],
  ['toy-offer', toyOffer],
]);

function write(dir: string, name: string, lines: Iterable<string>): void {
  mkdirSync(dir, { recursive: true });
  const rows = openRows(join(dir, name));
  for (const line of lines) rows.add(`${line}\n`);
  rows.close();
}

const id = (prefix: string, row: number): string => `${prefix}${String(row + 1).padStart(4, '0')}`;

/** 400 cards and web forms; six rows nobody can read. */
function selectedThirdParties(dir: string): void {
  const small = smallWorld(69);
  const lines = ['card,forename,surname,address,postcode,joined,by,form,larkspur'];
  const own = ['surname,forename,address,postcode'];
  for (let row = 0; row < 400; row++) {
    const joined = day('2016-05-01') + Math.floor(row * 2.4);
    const who = parentOf(small, row, joined);
    const paper = small.draw.chance(6_900);
    const form = joined < day('2018-03-01') ? 'LS-1' : 'LS-2';
    // Two boxes, yes and no: hardly anyone ticks either.
    const answer = paper && form === 'LS-2' && small.draw.chance(600) ? 'N' : '';
    const cells = [id('C', row), who.forename, who.surname, who.address, who.postcode, date(joined)];
    lines.push([...cells, ...(paper ? ['paper', form, answer] : ['web', '', 'Y'])].join(','));
    if (row % 57 === 3) own.push(`${who.surname},${who.forename},${who.address},${who.postcode}`);
  }
  lines.splice(40, 0, 'C9001,Hilary,Fletcher,3 Mill Lane,QA1 1AA,31/02/2018,paper,LS-1,');
  lines.splice(90, 0, 'C9002,Tessa,Mason,9 Quarry Road,QA1 1AB,soon,paper,LS-1,');
  lines.splice(140, 0, ',Gemma,Carter,12 Mill Lane,QA1 1AD,2017-04-01,paper,LS-1,');
  lines.splice(190, 0, 'C9004,Lorna,Weaver,1 Station Road,QA1 1AE,0000-00-00,paper,LS-1,');
  lines.splice(240, 0, 'C9005,Una,Potter,"2 Chapel Street",QA1 1AF,2017-13-01,paper,LS-1,');
  lines.splice(290, 0, 'C9006,Paula,Tanner,7 Orchard Close,QA1 1AG,2018-06-01,paper,LS-2,,and,more,cells');
  const letter = parentOf(small, 121, day('2016-05-01') + Math.floor(121 * 2.4));
  write(dir, 'preferences.csv', [
    'event,record,kind,purpose,organisation,contact-channel,signed,received,surname,address-line,postcode',
    'E0001,C0015,objection,,,,,2017-02-14,,,',
    'E0002,C0262,withdrawal,,larkspur,post,2018-06-04,2018-06-06,,,',
    // A letter that names no card: it is found by name and address.
    `E0003,,objection,,,,2018-10-01,2018-10-03,${letter.surname},${letter.address},${letter.postcode}`,
    'E0004,C0333,erasure,,,,,2019-01-21T09:30:00+00:00,,,',
  ]);
  write(dir, 'cards.csv', lines);
  write(dir, 'own-stops.csv', own);
  write(dir, 'mps.txt', [mps(parentOf(small, 7, day('2016-06-01')))]);
  write(dir, 'baby-mps.txt', [babyMps(parentOf(small, 9, day('2016-06-01')))]);
}

/** 300 subscribers, every one of whom ticked the box. */
function campaignSubscribers(dir: string): void {
  const small = smallWorld(2019);
  const lines = ['subscriber,forename,surname,email,joined,offers,offers_on'];
  for (let row = 0; row < 300; row++) {
    const joined = day('2016-02-01') + row * 3;
    const who = parentOf(small, row, joined);
    lines.push(
      [id('S', row), who.forename, who.surname, who.email, date(joined), 'Y', date(joined)].join(','),
    );
  }
  write(dir, 'preferences.csv', [
    'event,record,kind,purpose,organisation,contact-channel,received,email',
    'E0001,S0021,objection,,harbour-insurance,,2018-05-30T18:05:00+01:00,',
    'E0002,S0160,withdrawal,,,email,2018-07-11T08:40:00+01:00,',
    // By e-mail, from an address and no number.
    `E0003,,objection,,,,2018-08-02T21:15:00+01:00,${parentOf(small, 203, day('2016-02-01') + 203 * 3).email}`,
  ]);
  write(dir, 'subscribers.csv', lines);
  write(dir, 'own-stops.csv', ['email', parentOf(small, 11, day('2016-03-05')).email]);
}

/** 1,000 members of a club that asks properly; some said yes. */
function toyOffer(dir: string): void {
  const small = smallWorld(2026);
  const { draw } = small;
  const lines = [
    'member,forename,surname,address,postcode,email,joined,by,notice,form,child1_born,child1_died,child2_born,child2_died,' +
      'gone_away,acorn,acorn_on,renewed_on,renewed',
  ];
  const events = [
    'event,record,kind,purpose,organisation,contact-channel,signed,received,surname,address-line,postcode',
  ];
  const own = ['surname,forename,address,postcode'];
  const mpsLines: string[] = [];
  const babyLines: string[] = [];
  for (let row = 0; row < 1_000; row++) {
    const joined = day('2023-09-01') + Math.floor(row * 1.17);
    const who = parentOf(small, row, joined);
    lines.push(toyMember(small, row, joined, who));
    const stop = stopOf(draw.below(100), row, who);
    if (stop !== null) events.push(stop);
    if (row % 97 === 5) own.push(`${who.surname},${who.forename},${who.address},${who.postcode}`);
    if (row % 41 === 7) mpsLines.push(mps(who));
    if (row % 250 === 9) babyLines.push(babyMps(who));
  }
  write(dir, 'members.csv', lines);
  write(dir, 'preferences.csv', events);
  write(dir, 'own-stops.csv', own);
  write(dir, 'mps.txt', mpsLines);
  write(dir, 'baby-mps.txt', babyLines);
}

function toyMember({ draw }: Small, row: number, joined: number, who: Parent): string {
  const paper = draw.chance(2_500);
  const asks = joined >= day('2025-09-01');
  const notice = paper ? '' : asks ? 'web@2025-09' : 'web@2023';
  const form = paper ? (asks ? 'PL-2' : 'PL-1') : '';
  const first = joined + 60 - draw.below(500);
  const second = draw.chance(4_000) ? first - 500 - draw.below(1_200) : null;
  const renewed = !asks && draw.chance(7_000);
  const answered = (asks || renewed) && draw.chance(7_000);
  const yes = answered && draw.chance(8_000);
  const answer = asks ? joined : day('2026-05-20') + draw.below(40);
  return [
    id('P', row),
    who.forename,
    who.surname,
    who.address,
    who.postcode,
    draw.chance(6_000) ? who.email : '',
    date(joined),
    paper ? 'paper' : 'web',
    notice,
    form,
    draw.chance(100) || first > day('2026-11-19') ? '' : date(first),
    draw.chance(60) ? 'Y' : '',
    second === null ? '' : date(second),
    '',
    draw.chance(150) ? 'Y' : 'N',
    answered ? (yes ? 'Y' : 'N') : '',
    answered ? date(answer) : '',
    renewed ? '2026-05-18' : '',
    renewed ? (draw.chance(500) ? 'bounced' : 'delivered') : '',
  ].join(',');
}

function stopOf(which: number, row: number, who: Parent): string | null {
  const event = id('E', row);
  const record = id('P', row);
  if (which < 3) return `${event},${record},objection,,,,,2026-08-${10 + which}T12:00:00Z,,,`;
  if (which < 4) return `${event},${record},objection,,acorn-toys,post,,2026-09-02,,,`;
  if (which < 5) return `${event},${record},objection,,,email,,2026-09-03,,,`;
  if (which < 6)
    return `${event},,objection,,,,2026-10-01,2026-10-03,${who.surname},${who.address},${who.postcode}`;
  return null;
}

/** A line of MPS Personal (415 characters). */
function mps(who: Parent): string {
  const name = `${wide('', 20)}${wide(who.forename, 50)}${wide(who.surname, 50)}${wide('', 10)}`;
  return `P01032016${wide('', 16)}${name}${wide(who.address, 150)}${wide('', 100)}${wide(who.postcode, 8)}${wide('', 2)}`;
}

/** A line of Baby MPS (399 characters). */
function babyMps(who: Parent): string {
  const name = `${wide('', 15)}${wide(who.forename, 25)}${wide(who.surname, 25)}`;
  return `0106202501022025${name}${wide(who.address, 96)}${wide('', 64)}${wide(who.postcode, 8)}${wide('', 150)}`;
}

if (import.meta.main) {
  for (const [example, make] of smallExamples) make(resolve(import.meta.dirname, '..', example, 'data'));
}
