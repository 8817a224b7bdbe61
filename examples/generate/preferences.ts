/** `preferences.csv`: what people said after joining, by web, phone, e-mail and letter, with the mess of real life. */
import { join } from 'node:path';
import { date, day } from './calendar.ts';
import { memberId } from './members.ts';
import { type Identity, personOf, recordOf, streams, type World } from './person.ts';
import { cell, openRows } from './rows.ts';

const columns = [
  'event',
  'record',
  'kind',
  'purpose',
  'organisation',
  'contact-channel',
  'field',
  'notice',
  'consent',
  'lifts',
  'delivery',
  'signed',
  'received',
  'logged',
  'email',
  'phone',
  'surname',
  'address-line',
  'postcode',
  'birth-date',
] as const;
type Event = Partial<Record<(typeof columns)[number], string>>;

/** The instant at which the release of the example decides, and the last day of ordinary events. */
export const cutOff = '2017-05-05T09:00:00+01:00';
const lastDay = day('2017-05-03');

/** Writes just `events` rows. */
export function writePreferences(world: World, dir: string, members: number, events: number): void {
  const rows = openRows(join(dir, 'preferences.csv'));
  rows.add(`${columns.join(',')}\n`);
  let written = 0;
  for (let number = 0; written < events; number++) {
    for (const event of happening(world, number, members)) {
      if (written === events) break;
      rows.add(`${columns.map((column) => cell(event[column] ?? '')).join(',')}\n`);
      written++;
    }
  }
  rows.close();
}

/** One thing that happened: an event, or a few that belong together. */
function happening(world: World, number: number, members: number): readonly Event[] {
  const { draw } = world;
  draw.at(streams.event, number);
  const kind = draw.below(1_000);
  const row = draw.below(members);
  const when = lastDay - Math.min(draw.below(2_400), draw.below(2_400));
  const scope = scopeOf(draw.below(100));
  const minute = draw.below(1_440);
  const id = (means: string): string => `${means}${String(number).padStart(8, '0')}`;
  const at = `${date(when)}T${two(Math.floor(minute / 60))}:${two(minute % 60)}:00`;
  const objection: Event = { record: memberId(row), kind: 'objection', ...scope };

  if (kind < 330) return [{ ...objection, event: id('W'), received: `${at}Z`, logged: `${at}Z` }];
  if (kind < 430) return [{ ...objection, event: id('P'), received: at, logged: date(when + 1) }];
  if (kind < 510) {
    const { email } = personOf(world, row).identity;
    return [
      {
        ...scope,
        kind: 'objection',
        event: id('E'),
        received: `${at}+00:00`,
        email: email || `nobody.${number}@mail.example`,
      },
    ];
  }
  if (kind < 620)
    return [
      { ...objection, event: id('L'), signed: date(when - 3), received: date(when), logged: date(when + 2) },
    ];
  if (kind < 760)
    return [letter(kind, personOf(world, row).identity, { ...scope, event: id('L'), received: date(when) })];
  if (kind < 790) {
    return [
      {
        record: memberId(row),
        kind: 'withdrawal',
        organisation: 'labour-party',
        event: id('W'),
        received: `${at}Z`,
      },
    ];
  }
  if (kind < 800) return [{ record: memberId(row), kind: 'erasure', event: id('E'), received: `${at}Z` }];
  if (kind < 806)
    return [{ record: memberId(row), kind: 'restriction', event: id('L'), received: date(when) }];
  // A word that nobody here knows stops everything.
  if (kind < 810) return [{ record: memberId(row), kind: 'complaint', event: id('P'), received: at }];
  const asked = askedRow(world, row, members);
  if (kind < 850) return [atTheCutOff(id('W'), memberId(asked), draw.below(6))];
  if (kind < 960) return stopAndCard(id, memberId(asked), kind);
  return byLetter(world, id, asked);
}

/** From `row` on, the first of a few whose record has the corrected notice delivered. */
function askedRow(world: World, row: number, members: number): number {
  for (let i = 0; i < 12; i++) {
    const at = (row + i) % members;
    const { identity, second } = personOf(world, at);
    const what = recordOf(world, at, identity, second);
    if (what.askedStatus === 'delivered' && what.optIn !== 'N') return at;
  }
  return row;
}

function scopeOf(of100: number): Event {
  if (of100 < 58) return {};
  if (of100 < 74) return { 'contact-channel': 'post' };
  if (of100 < 84) return { 'contact-channel': 'email' };
  if (of100 < 88) return { purpose: 'dpv:DirectMarketing' };
  if (of100 < 91) return { purpose: 'dpv:PoliticalCampaign' };
  if (of100 < 94) return { organisation: 'labour-party' };
  if (of100 < 97) return { organisation: 'acorn-toys' };
  // Nobody in the register is called that: it means everyone.
  return { organisation: 'the toy people' };
}

/** A letter without a record id: with the whole address, with a postcode alone, or from an address nobody has. */
function letter(kind: number, who: Identity, event: Event): Event {
  const stop: Event = { ...event, kind: 'objection', surname: who.surname, postcode: who.postcode };
  if (who.postcode === '')
    return { ...stop, 'address-line': who.address || '1 No Street', postcode: 'ZZ99 9ZZ' };
  if (kind < 700) return { ...stop, 'address-line': who.address };
  // The reader took the third letter on for a slip of the pen.
  if (kind < 745)
    return { ...stop, surname: `${who.surname.slice(0, 3)}${who.surname.slice(3).toUpperCase()}e` };
  return { ...stop, surname: `Zz${who.surname}` };
}

/** Around the very second at which the release decides: at it is in, after it is not. */
function atTheCutOff(event: string, record: string, which: number): Event {
  const stop: Event = { event, record, kind: 'objection' };
  switch (which) {
    case 0:
      return { ...stop, received: '2017-05-05T08:59:59+01:00' };
    case 1:
      return { ...stop, received: cutOff };
    case 2:
      return { ...stop, received: '2017-05-05T09:00:01+01:00' };
    case 3:
      return { ...stop, received: '2017-05-05' };
    // Signed in time and still in the post: the earliest provable time counts.
    case 4:
      return { ...stop, signed: '2017-05-04', received: '2017-05-06' };
    default:
      return { ...stop, received: '2017-05-08T10:00:00Z' };
  }
}

/** A stop, and a card that says yes: signed before or after it, for the same thing or for another. */
function stopAndCard(id: (means: string) => string, record: string, kind: number): readonly Event[] {
  const post = { organisation: 'labour-party', 'contact-channel': 'post' };
  const stop: Event = {
    event: id('P'),
    record,
    kind: 'objection',
    ...post,
    received: '2017-04-10T11:20:00+01:00',
  };
  const card: Event = {
    event: id('L'),
    record,
    kind: 'consent',
    notice: 'asked@2017',
    consent: 'labour-post',
    ...post,
  };
  if (kind < 890)
    return [stop, { ...card, signed: '2017-04-08', received: '2017-04-12', logged: '2017-04-20' }];
  if (kind < 925)
    return [stop, { ...card, signed: '2017-04-18', received: '2017-04-21', logged: '2017-04-24' }];
  if (kind < 940)
    return [
      { ...stop, organisation: '' },
      { ...card, signed: '2017-04-18', received: '2017-04-21' },
    ];
  const lift: Event = {
    event: `${id('L')}b`,
    record,
    kind: 'lift',
    lifts: id('P'),
    signed: '2017-04-19',
    received: '2017-04-21',
  };
  return [
    { ...stop, organisation: '', 'contact-channel': '' },
    { ...card, signed: '2017-04-19', received: '2017-04-21' },
    lift,
  ];
}

/** The corrected notice and the answer, by letter: in time, or with the answer still in the post. */
function byLetter(world: World, id: (means: string) => string, row: number): readonly Event[] {
  const late = world.draw.chance(3_000);
  const card: Event = {
    record: memberId(row),
    kind: 'consent',
    notice: 'asked@2017',
    consent: 'labour-post',
  };
  return [
    {
      event: id('N'),
      record: memberId(row),
      kind: 'presented',
      notice: 'asked@2017',
      delivery: 'delivered',
      received: '2017-03-08',
    },
    { ...card, event: id('L'), signed: '2017-03-25', received: late ? '2017-05-05' : '2017-03-28' },
  ];
}

const two = (n: number): string => String(n).padStart(2, '0');
