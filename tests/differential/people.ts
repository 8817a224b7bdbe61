/**
 * The people of a world. A plain member passes every rule; each kind changes one thing, so that its reason stands
 * alone, and some people have several at once. Boundaries, ties, nulls and accents are among the kinds.
 */

import { consentKinds } from './consents.ts';
import { historyKinds, shown, timeKinds, variantKinds } from './histories.ts';
import { daysOff, type Kind, type Making, plainMember, set } from './member.ts';
import { stopKinds } from './stops.ts';

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
    draw.pick([
      { address: '' },
      { postcode: '' },
      { phone: '' },
      { phone: '' },
      { email: '' },
      { address: ' \t' },
    ]),
  ),
  // Nothing that a list of people could be held against.
  set(({ draw }) => ({ surname: draw.pick(['', '-', ' . ']), ...draw.pick([{}, {}, { address: '' }]) })),
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
      const name = /\p{L}/u.test(row.surname) ? row.surname : 'Nemo';
      const surname = near ? `${name.slice(0, 3)}zzz` : draw.pick([name, name.toUpperCase()]);
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
  timeKinds,
  timeKinds,
  consentKinds,
  stateKinds,
  stateKinds,
  audienceKinds,
  audienceKinds,
  retentionKinds,
  stopKinds,
  stopKinds,
  listKinds,
  listKinds,
];

/** Draws the people: a third plain, most of the others with one thing changed, a tenth with several. */
export function drawPeople(making: Making, people: number): void {
  const { draw, records } = making;
  while (records.length < people) {
    const row = plainMember(making);
    const share = draw.int(1, 100);
    const changes = share <= 32 ? 0 : share <= 90 ? 1 : draw.int(2, 4);
    for (let i = 0; i < changes; i += 1) draw.pick(draw.pick(themes))(making, row);
  }
}
