/** The synthetic members of the parenting club: who they are, and what their records say. */
import { date, day, monday } from './calendar.ts';
import type { Draw } from './draw.ts';
import type { Geography } from './geography.ts';
import type { Names } from './names.ts';

export const extractDay = day('2017-05-01');
const firstDay = day('2008-04-01');

/** One human being: the same for two records of theirs. */
export type Identity = {
  forename: string;
  surname: string;
  address: string;
  postcode: string;
  email: string;
  phone: string;
  /** Empty where the club never learned it. */
  born: string;
  bornYear: number;
  /** The day of their first record. */
  joined: number;
};

export type World = {
  readonly draw: Draw;
  readonly geography: Geography;
  readonly names: Names;
  readonly seed: number;
};

/** Each row has the numbers of its own streams, so any of them can be made alone. */
export const streams = { identity: 1, record: 2, event: 3, own: 4, mps: 5, baby: 6, second: 7 } as const;

/** About one record in 150 is the second one of the person before it. */
function isSecond({ draw }: World, row: number): boolean {
  if (row === 0) return false;
  draw.at(streams.second, row);
  return draw.chance(66);
}

/** The person behind a row. */
export function personOf(world: World, row: number): { identity: Identity; second: boolean } {
  if (isSecond(world, row) && !isSecond(world, row - 1))
    return { identity: identityOf(world, row - 1), second: true };
  return { identity: identityOf(world, row), second: false };
}

/** The person of a number; those from the count of members on are nobody's record. */
export function identityOf(world: World, number: number): Identity {
  const { draw, geography, names } = world;
  draw.at(streams.identity, number);
  // Two draws, the later one: the club grew.
  const joined =
    firstDay + Math.max(draw.below(extractDay - firstDay + 1), draw.below(extractDay - firstDay + 1));
  const born = joined - 6_300 - draw.below(4_600) - draw.below(4_600);
  const bornYear = 1970 + Math.floor(born / 365.2425);
  const surname = names.surname(draw);
  const forename = names.forename(draw, bornYear);
  const number1 = 1 + draw.below(180);
  const flat = draw.chance(600) ? `Flat ${1 + draw.below(12)}, ` : '';
  const address = `${flat}${number1} ${names.street(draw)}`;
  const postcode = draw.chance(20) ? `ZZ99 ${draw.below(10)}ZZ` : geography.drawPostcode(draw);
  const email = draw.chance(5_000) ? `${forename.slice(0, 1).toLowerCase()}.${number}@mail.example` : '';
  return {
    forename,
    surname,
    address: draw.chance(40) ? '' : address,
    postcode: draw.chance(30) ? '' : postcode,
    // `é` and the like stay out of addresses.
    email: email.replace(/[^\x20-\x7e]/g, 'x'),
    phone: phoneOf(draw, number),
    born: draw.chance(150) ? '' : date(born),
    bornYear,
    joined,
  };
}

/** A digit too many for any real number; a few hundred share that of a stand at a show. */
function phoneOf(draw: Draw, number: number): string {
  if (draw.chance(4)) return '079999999999';
  return draw.chance(3_000) ? `07${String(number).padStart(10, '0')}` : '';
}

export type Child = { name: string; born: string; died: string };
export type Row = {
  joined: string;
  channel: 'web' | 'paper' | 'phone' | '';
  notice: string;
  form: string;
  children: Child[];
  deceased: string;
  goneAway: string;
  /** The corrected notice: when it was sent, what became of it, and the answer. */
  askedOn: string;
  askedStatus: string;
  optIn: string;
  optInOn: string;
};

const batches = [day('2017-03-06'), day('2017-03-20'), day('2017-04-10')] as const;
const lostLog = [day('2013-01-01'), day('2013-03-31')] as const;

/** What the record of a row says, besides who they are. */
export function recordOf({ draw, names }: World, row: number, identity: Identity, second: boolean): Row {
  draw.at(streams.record, row);
  const joined = second ? identity.joined + draw.below(extractDay - identity.joined + 1) : identity.joined;
  const collected = collectedOf(draw, joined);
  const children = childrenOf(draw, names, joined);
  const deceased = draw.chance(14) ? 'Y' : draw.chance(1) ? '?' : 'N';
  const goneAway = draw.chance(240) ? 'Y' : draw.chance(2) ? '' : 'N';
  return { ...collected, children, deceased, goneAway, ...askedOf(draw) };
}

type Collected = Pick<Row, 'joined' | 'channel' | 'notice' | 'form'>;

/** How a record came in, and what is known of the notice then shown. */
function collectedOf(draw: Draw, joined: number): Collected {
  const means = draw.below(10_000);
  if (joined < day('2009-01-01') || means >= 3_300) {
    const lost = joined >= lostLog[0] && joined <= lostLog[1];
    return { joined: date(joined), channel: 'web', notice: lost ? '' : webVersion(joined), form: '' };
  }
  // Calls and forms are keyed in weekly batches.
  const keyed = monday(joined);
  if (means < 100) return { joined: date(keyed), channel: 'phone', notice: '', form: '' };
  const known = draw.below(100);
  const form = known < 90 ? formCode(draw, keyed) : '';
  return { joined: date(keyed), channel: known < 98 ? 'paper' : '', notice: '', form };
}

/** The web site keeps the version with the record since June 2011. */
function webVersion(joined: number): string {
  if (joined < day('2011-06-01')) return '';
  if (joined < day('2014-03-01')) return 'web@2011';
  return joined < day('2016-03-01') ? 'web@2014' : 'web@2016';
}

/** Old cards come back for a while after a new one is printed. */
function formCode(draw: Draw, keyed: number): string {
  const back = draw.chance(1_500) ? 500 : 0;
  if (keyed - back < day('2012-01-01')) return 'PF-03';
  return keyed - back < day('2015-01-01') ? 'PF-07' : 'PF-12';
}

function childrenOf(draw: Draw, names: Names, joined: number): Child[] {
  const kind = draw.below(100);
  const count = kind < 4 ? 0 : kind < 60 ? 1 : kind < 92 ? 2 : 3;
  const found: Child[] = [];
  // The youngest is expected, or up to a year old, when a parent joins; the others are older.
  let born = joined + 240 - draw.below(600);
  for (let i = 0; i < count; i++) {
    const dated = !draw.chance(80);
    const name = !dated || draw.chance(2_500) ? names.child(draw, 1970 + Math.floor(born / 365.2425)) : '';
    const died = draw.chance(40) ? 'Y' : draw.chance(8) ? 'not known' : draw.chance(300) ? 'N' : '';
    // Not yet born at the time of the extract: nobody has told the club of a birth.
    if (born <= extractDay) found.push({ name, born: dated ? date(born) : '', died });
    born -= 420 + draw.below(1_100);
  }
  return found;
}

function askedOf(draw: Draw): Pick<Row, 'askedOn' | 'askedStatus' | 'optIn' | 'optInOn'> {
  const none = { askedOn: '', askedStatus: '', optIn: '', optInOn: '' };
  if (!draw.chance(4_500)) return none;
  const asked = batches[draw.below(5) >> 1] as number;
  const status = draw.below(100);
  if (status >= 90) return { ...none, askedOn: date(asked), askedStatus: status < 96 ? 'sent' : 'bounced' };
  const answered = date(asked + 1 + draw.below(20));
  const answer = draw.below(1_000);
  const optIn = answer < 420 ? 'Y' : answer < 600 ? 'N' : answer < 602 ? 'perhaps' : '';
  return { askedOn: date(asked), askedStatus: 'delivered', optIn, optInOn: optIn === '' ? '' : answered };
}
