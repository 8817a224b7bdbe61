/**
 * The people of a world. A plain member passes every rule; each kind changes one thing, so that its reason stands
 * alone, and some people have several at once. Boundaries, ties, nulls and accents are among the kinds.
 */

import { daysOff, type Kind, type Making, plainMember } from './member.ts';
import { noticeId, type Variant, variants } from './notices.ts';
import { stopKinds } from './stops.ts';
import { exact, written } from './times.ts';
import type { RawEvent, RawRecord } from './world.ts';

const set =
  (change: (making: Making) => Partial<RawRecord>): Kind =>
  (making, row) => {
    Object.assign(row, change(making));
  };
const shown = (variant: Variant): Kind =>
  variant === 'no-child'
    ? set(() => ({ kids_notice: noticeId(variant) }))
    : set(() => ({ notice: noticeId(variant) }));
/** First `first`, later `then`, so long ago and so delivered; with its consent asked again or not. */
const later = (first: Variant, then: string, months: number, days: number, status: string): Kind =>
  set(({ present }) => ({
    notice: noticeId(first),
    renotice: then,
    renotice_on: daysOff(present, months, days),
    renotice_status: status,
  }));

/** A consent event of this person, given at an instant before or at the cut-off, or just after. */
export function consentEvent(
  { draw, present, events }: Making,
  row: RawRecord,
  event: Partial<RawEvent>,
): void {
  const received = present.cutOff + draw.pick([-86_400_000 * 20, -86_400_000 * 20, -1000, 0, 1000]);
  const signed = received - draw.pick([0, 1000, 86_400_000]);
  events.push({
    event: `c${events.length}`,
    kind: 'consent',
    record: row.id,
    notice: noticeId('good'),
    consent: 'partners',
    signed: written(draw, signed),
    received: written(draw, received),
    ...event,
  });
}
const freshly =
  (kind: Kind, notice: string): Kind =>
  (making, row) => {
    kind(making, row);
    const long = making.present.cutOff - 86_400_000 * 20;
    consentEvent(making, row, { notice, signed: exact(long), received: exact(long) });
  };

const variantKinds: readonly Kind[] = variants.filter((variant) => variant !== 'good').map(shown);

const historyKinds: readonly Kind[] = [
  set(() => ({ notice: 'web@nowhere' })),
  set(() => ({ notice: '', channel: '' })),
  set(({ draw }) => ({ notice: '', channel: draw.pick(['app', 'phone', 'paper', 'web', 'letter']) })),
  set(({ present, draw }) => ({
    notice: '',
    channel: 'paper',
    joined: daysOff(present, -12, draw.int(-1, 1)),
  })),
  set(({ draw }) => ({ notice: '', form: draw.pick(['PF-1', 'PF-9', ' PF-1 ']) })),
  set(({ draw }) => ({ origin: draw.pick(['elsewhere', '', 'a|b^c']) })),
  set(() => ({ origin: 'elsewhere' })),
  set(() => ({ notice: '', channel: 'letter' })),
  set(() => ({ origin: 'bought' })),
  later('good', noticeId('no-purpose'), -2, 0, 'delivered'),
  later('good', noticeId('no-data'), -2, 0, 'sent'),
  later('good', noticeId('no-party'), -2, 0, 'bounced'),
  later('good', 'web@nowhere', -2, 0, 'sent'),
  later('li-lacking', noticeId('good'), -3, 0, 'delivered'),
  later('li-lacking', noticeId('again'), -3, 0, 'delivered'),
  later('li-lacking', noticeId('good'), -3, 0, 'sent'),
  later('li-lacking', noticeId('good'), 0, -10, 'delivered'),
  later('li-lacking', noticeId('good'), 0, -30, 'delivered'),
  freshly(later('li-lacking', noticeId('again'), -3, 0, 'delivered'), noticeId('again')),
  freshly(later('li-lacking', noticeId('good'), -3, 0, 'sent'), noticeId('good')),
  freshly(later('li-lacking', noticeId('good'), 0, -10, 'delivered'), noticeId('good')),
  freshly(later('no-purpose', noticeId('again'), -3, 0, 'delivered'), noticeId('again')),
  later('no-purpose', noticeId('again'), -3, 0, 'delivered'),
  freshly(later('never', noticeId('again'), -3, 0, 'delivered'), noticeId('again')),
  later('never', noticeId('again'), -3, 0, 'delivered'),
  (making, row) => {
    later('no-purpose', noticeId('again'), -3, 0, 'delivered')(making, row);
    Object.assign(row, { named: making.draw.pick(['yes', 'Y']), named_on: daysOff(making.present, -2, 0) });
  },
  ({ draw, present, events }, row) => {
    const at = exact(present.cutOff - 86_400_000 * 50);
    const notice = noticeId(draw.pick(['no-purpose', 'good', 'no-channel']));
    events.push({
      event: `p${events.length}`,
      kind: 'presented',
      record: row.id,
      notice,
      delivery: draw.pick(['delivered', 'sent', 'bounced', '']),
      signed: at,
      received: at,
    });
  },
];

const consentKinds: readonly Kind[] = [
  set(({ draw }) => ({ optin: draw.pick(['N', '', 'y', '?']) })),
  set(({ draw }) => ({ optin_on: draw.pick(['', '2017-02-29'].slice(0, 1)) })),
  set(({ present, draw }) => ({ optin_on: daysOff(present, 0, draw.int(-2, 1)) })),
  set(() => ({ optin: '', named: 'yes', named_on: '2001-01-01', notice: noticeId('again') })),
  set(() => ({ optin: '', named: 'yes', named_on: '2001-01-01' })),
  (making, row) => {
    row.optin = '';
    consentEvent(making, row, {});
  },
  (making, row) => {
    row.optin = '';
    consentEvent(
      making,
      row,
      making.draw.pick([
        { notice: noticeId('again') },
        { consent: 'second' },
        { kind: 'lift' },
        { record: 'nobody' },
        { signed: '' },
        { received: '' },
      ]),
    );
  },
  (making, row) => {
    Object.assign(row, {
      notice: noticeId('either'),
      optin: making.draw.pick(['Y', '']),
      seen: daysOff(making.present, making.draw.pick([-30, -23, -1]), 0),
    });
    if (making.draw.chance(50)) consentEvent(making, row, { notice: noticeId('either'), consent: 'second' });
  },
];

const stateKinds: readonly Kind[] = [
  set(({ draw }) => ({ died: draw.pick(['Y', 'yes', '', 'perhaps', '2001-01-01']) })),
  set(({ draw }) => ({ gone: draw.pick(['Y', '1', '', '?']) })),
  set(({ draw, present }) => ({
    dob: draw.pick([
      '',
      daysOff(present, -12 * 18, -1),
      daysOff(present, -12 * 18, 0),
      daysOff(present, -12 * 18, 1),
      '2004-02-29',
    ]),
  })),
  set(({ draw }) =>
    draw.pick([{ address: '' }, { postcode: '' }, { phone: '' }, { email: '' }, { address: ' \t' }]),
  ),
];

const audienceKinds: readonly Kind[] = [
  set(({ draw }) => ({ tier: draw.pick(['lead', 'none', 'silver', 'Gold', '']) })),
  set(({ draw }) => ({ score: draw.pick(['5', '10', '11', '-3', '']) })),
  set(({ draw }) => ({ active: draw.pick(['false', '']) })),
  (making, row) => {
    making.areas.push([row.postcode, making.draw.pick(['E9', 'E2'])]);
  },
  set(({ draw }) => ({ postcode: draw.pick(['ZZ1 1ZZ', 'nowhere']) })),
  set(({ draw, present }) => ({ c1: daysOff(present, -12 * draw.pick([2, 4, 5, 12]), draw.int(-41, 41)) })),
  set(({ draw, present }) => ({
    c1: draw.pick(['', daysOff(present, 1, 0), daysOff(present, 0, 1), present.day, '2016-02-29']),
  })),
  set(({ draw }) => ({ c1_died: draw.pick(['Y', 'N', 'unknown', '2016-01-01']) })),
  set(({ draw, present }) => ({
    c2: daysOff(present, -draw.int(1, 80), draw.int(-9, 9)),
    c2_died: draw.pick(['', 'no', 'yes', '?']),
  })),
  set(({ draw, present }) => ({
    c1: '',
    c1_name: draw.pick(['', 'Ann']),
    c2: draw.pick(['', daysOff(present, -15, 0)]),
    c2_died: draw.pick(['', 'Y']),
  })),
];

const retentionKinds: readonly Kind[] = [
  set(({ draw, present }) => ({ joined: daysOff(present, -22, draw.int(-2, 2)), optin_on: '2001-01-01' })),
  set(({ draw, present }) => ({ kids_on: draw.pick(['', daysOff(present, -22, draw.int(-2, 2))]) })),
  set(({ draw, present }) => ({ joined: draw.pick(['', daysOff(present, -40, 0)]), optin_on: '2001-01-01' })),
  set(({ draw, present }) => ({
    seen: draw.pick(['', daysOff(present, -22, draw.int(-2, 2)), daysOff(present, -40, 0)]),
  })),
  set(({ draw, present }) => ({
    left: draw.pick(['', daysOff(present, -22, draw.int(-2, 2)), daysOff(present, -40, 0)]),
  })),
  set(({ draw, present }) => ({ c1: daysOff(present, -34, draw.int(-2, 2)) })),
  set(({ draw, present }) => ({ c1: daysOff(present, -12, 0), c2: daysOff(present, -34, draw.int(-2, 2)) })),
  shown('until'),
];

const listKinds: readonly Kind[] = ['own', 'mps', 'baby', 'tps', 'own-mail', 'own-record', 'own-address'].map(
  (id): Kind =>
    ({ draw, listed }, row) => {
      const near = draw.chance(30);
      const surname = near
        ? `${row.surname.slice(0, 3)}zzz`
        : draw.pick([row.surname, row.surname.toUpperCase()]);
      const forename = draw.chance(80) ? row.forename : 'Other';
      // An entry with a part missing makes its whole list unreadable: that is a request's reason.
      const address = (draw.chance(70) ? row.address.trim() : '') || '1 Elsewhere';
      const postcode = /\d/.test(row.postcode) ? row.postcode.toLowerCase() : 'ZZ9 9ZZ';
      listed.get(id)?.push({
        record: row.id,
        forename,
        surname,
        address,
        postcode,
        email: row.email.toUpperCase() || 'nobody@example.org',
        phone: row.phone.replace(/^0/, '+44 ') || '07700 800000',
      });
    },
);

/** By theme, so that each has its share whatever its number of kinds. */
const themes: readonly (readonly Kind[])[] = [
  variantKinds,
  variantKinds,
  variantKinds,
  historyKinds,
  historyKinds,
  consentKinds,
  stateKinds,
  audienceKinds,
  audienceKinds,
  retentionKinds,
  stopKinds,
  stopKinds,
  listKinds,
  listKinds,
];

/** Draws the people: two fifths plain, most of the others with one thing changed, a tenth with several. */
export function drawPeople(making: Making, people: number): void {
  const { draw, records } = making;
  while (records.length < people) {
    const row = plainMember(making);
    const share = draw.int(1, 100);
    const changes = share <= 38 ? 0 : share <= 90 ? 1 : draw.int(2, 4);
    for (let i = 0; i < changes; i += 1) draw.pick(draw.pick(themes))(making, row);
  }
}
