/** Kinds of people by what they agreed to, how, and when (C1, C2). */
import { addPeriod, startOf } from '../../src/policy/dates.ts';
import { daysOff, type Kind, type Making, set } from './member.ts';
import { noticeId } from './notices.ts';
import { exact, written } from './times.ts';
import type { RawEvent, RawRecord } from './world.ts';

const day = 86_400_000;

/** A consent event of this person, given at an instant before or at the cut-off, or just after. */
export function consentEvent(
  { draw, present, events }: Making,
  row: RawRecord,
  event: Partial<RawEvent>,
): void {
  const received = present.cutOff + draw.pick([-day * 20, -day * 20, -1000, 0, 1000]);
  const signed = received - draw.pick([0, 1000, day]);
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

export const consentKinds: readonly Kind[] = [
  set(({ draw }) => ({ optin: draw.pick(['N', '', 'y', '?']) })),
  set(() => ({ optin_on: '' })),
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
  // Signed after it was received, or at that very instant.
  (making, row) => {
    row.optin = '';
    const at = making.present.cutOff - day * 20;
    const signed = at + making.draw.pick([0, 1000, day]);
    consentEvent(making, row, { signed: exact(signed), received: exact(at) });
  },
  // Signed about the day on which the version was first shown.
  (making, row) => {
    const { draw, present } = making;
    const from = addPeriod(present.day, { months: -10, days: 0 });
    Object.assign(row, {
      notice: noticeId('late'),
      joined: daysOff(present, -9, 0),
      optin: draw.pick(['', 'Y']),
      optin_on: addPeriod(from, { months: 0, days: draw.int(-3, 0) }),
    });
    if (row.optin === 'Y') return;
    const signed = startOf(from) + draw.pick([-day, -1000, 0, 1000]);
    consentEvent(making, row, {
      notice: noticeId('late'),
      signed: exact(signed),
      received: exact(signed + day * 5),
    });
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
