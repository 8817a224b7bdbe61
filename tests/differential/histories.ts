/** Kinds of people by the notices they were shown: at collection, later, earlier, again, or nobody knows (A6 to A8). */
import { addPeriod } from '../../src/policy/dates.ts';
import { consentEvent } from './consents.ts';
import { daysOff, type Kind, set } from './member.ts';
import { noticeId, type Variant, variants } from './notices.ts';
import { exact } from './times.ts';

const day = 86_400_000;

export const shown = (variant: Variant): Kind =>
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

/** Shown another notice by an event, so many days before the cut-off. */
const presented =
  (notice: string, days: number, delivery: string): Kind =>
  ({ present, events }, row) => {
    const at = exact(present.cutOff - day * days);
    events.push({
      event: `p${events.length}`,
      kind: 'presented',
      record: row.id,
      notice,
      delivery,
      signed: at,
      received: at,
    });
  };

const several =
  (...kinds: readonly Kind[]): Kind =>
  (making, row) => {
    for (const kind of kinds) kind(making, row);
  };

const freshly = (kind: Kind, notice: string): Kind =>
  several(kind, (making, row) => {
    const long = exact(making.present.cutOff - day * 20);
    consentEvent(making, row, { notice, signed: long, received: long });
  });

/** Versions that are told of elsewhere, in the kinds that their days or their order matter to. */
const elsewhere: ReadonlySet<Variant> = new Set([
  'good',
  'again',
  'mailed',
  'soon',
  'late',
  'ended',
  'form',
  'form-old',
  'paper-old',
]);
export const variantKinds: readonly Kind[] = variants.filter((variant) => !elsewhere.has(variant)).map(shown);

export const historyKinds: readonly Kind[] = [
  set(() => ({ notice: 'web@nowhere' })),
  set(() => ({ notice: '', channel: '' })),
  set(({ draw }) => ({ notice: '', channel: draw.pick(['app', 'phone', 'paper', 'web', 'letter']) })),
  set(({ present, draw }) => ({
    notice: '',
    channel: 'paper',
    joined: daysOff(present, -12, draw.int(-1, 1)),
  })),
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
  several(
    later('no-purpose', noticeId('again'), -3, 0, 'delivered'),
    set(({ draw, present }) => ({ named: draw.pick(['yes', 'Y']), named_on: daysOff(present, -2, 0) })),
  ),
  (making, row) => {
    const { draw } = making;
    const notice = noticeId(draw.pick(['no-purpose', 'good', 'no-channel']));
    presented(notice, 50, draw.pick(['delivered', 'sent', 'bounced', '']))(making, row);
  },
];

/** What a later notice shortens, contradicts, undoes, or tells again. */
const laterKinds: readonly Kind[] = [
  later('good', noticeId('shorter'), -2, 0, 'sent'),
  several(
    later('good', noticeId('only-briefly'), -2, 0, 'sent'),
    set(({ draw, present }) => ({ seen: daysOff(present, -2, draw.int(-3, 3)) })),
  ),
  (making, row) => later('good', noticeId('soon'), -2, making.draw.int(-2, 2), 'delivered')(making, row),
  // A bounce before and after the delivery.
  (making, row) => {
    later('li-lacking', noticeId('good'), -3, 0, 'delivered')(making, row);
    presented(noticeId('good'), making.draw.pick([20, 85, 110]), 'bounced')(making, row);
  },
  // Dropped, and told again by the version that told it first, or by another.
  (making, row) => {
    const again = noticeId(making.draw.pick(['good', 'again']));
    const dropped = later('good', noticeId('no-purpose'), -3, 0, 'delivered');
    const told = several(dropped, presented(again, 50, 'delivered'));
    (making.draw.chance(60) ? freshly(told, again) : told)(making, row);
  },
  // Of one day, in the order of the alphabet and against it.
  (making, row) => {
    const at = making.draw.pick([10, 50]);
    const [tells, other] = making.draw.pick<readonly [Variant, Variant]>([
      ['again', 'no-purpose'],
      ['until', 'no-purpose'],
      ['until', 'again'],
    ]);
    const both = several(
      presented(noticeId(tells), at, 'delivered'),
      presented(noticeId(other), at, 'delivered'),
    );
    freshly(several(shown('no-purpose'), both), noticeId(tells))(making, row);
  },
  // A notice that is the same for all, shown to those with a date or a delivery.
  (making, row) => {
    const { draw, present } = making;
    const first = shown(draw.pick(['good', 'no-purpose', 'li-lacking', 'never']));
    Object.assign(
      row,
      draw.pick([
        { mailed_on: daysOff(present, -3, 0), mailed_how: draw.pick(['delivered', 'bounced', '']) },
        { mailed_how: 'sent' },
        { mailed_again: daysOff(present, -1, draw.int(-9, 9)) },
      ]),
    );
    (draw.chance(70) ? freshly(first, noticeId('mailed')) : first)(making, row);
  },
];

/** A notice shown before the record was collected: about that day, or long before it. */
const earlierKinds: readonly Kind[] = [
  (making, row) => {
    const { draw, present } = making;
    const first = draw.pick(['good', 'good', 'no-purpose', 'li-lacking', 'never'] as const);
    const then = draw.pick(['good', 'again', 'no-purpose', 'never', 'shorter'] as const);
    const base = later(first, noticeId(then), 0, 0, draw.pick(['delivered', 'sent', 'bounced']));
    (draw.chance(60) ? freshly(base, noticeId(then)) : base)(making, row);
    row.renotice_on = addPeriod(row.joined || present.day, {
      months: 0,
      days: draw.pick([-300, -1, -1, 0, 1]),
    });
    row.kids_on = draw.pick([row.joined, row.joined, '', daysOff(present, -1, 0)]);
  },
  (making, row) => {
    const { draw } = making;
    freshly(shown(draw.pick(['no-purpose', 'good'])), noticeId('again'))(making, row);
    const notice = noticeId(draw.pick(['again', 'again', 'no-purpose']));
    presented(notice, draw.pick([500, 60]), draw.pick(['delivered', 'sent', 'bounced']))(making, row);
    if (draw.chance(20)) row.joined = '';
  },
  (making, row) => {
    freshly(shown(making.draw.pick(['no-purpose', 'never'])), noticeId('mailed'))(making, row);
    row.mailed_on = addPeriod(row.joined || making.present.day, { months: 0, days: making.draw.int(-2, 2) });
    row.kids_on = row.joined;
    row.mailed_how = making.draw.pick(['delivered', 'bounced']);
  },
];

/** The day of collection against the days on which the recorded version was shown, or a day to come. */
const dayKinds: readonly Kind[] = [
  set(({ draw, present }) => ({
    notice: noticeId(draw.pick(['late', 'ended'])),
    joined: daysOff(present, -10, draw.int(-2, 2)),
    optin_on: daysOff(present, -1, 0),
  })),
  set(({ draw, present }) => ({
    kids_notice: noticeId(draw.pick(['late', 'ended'])),
    kids_on: daysOff(present, -10, draw.int(-2, 2)),
  })),
  set(({ draw, present }) => ({
    notice: '',
    form: draw.pick(['PF-1', 'PF-1', ' PF-1 ', 'PF-9']),
    joined: daysOff(present, draw.pick([-12, -11, -10, -9]), draw.int(-2, 2)),
    optin_on: daysOff(present, -1, 0),
  })),
  set(({ draw, present }) => ({ joined: daysOff(present, 0, draw.int(0, 2)), optin_on: '2001-01-01' })),
  set(({ draw, present }) => ({ kids_on: daysOff(present, 0, draw.int(0, 2)) })),
  set(({ draw, present }) => ({ seen: daysOff(present, 0, draw.int(0, 2)) })),
];

/** A second collection that was promised something, and asked again or not. */
const promisedKinds: readonly Kind[] = [
  set(({ draw, present }) => ({
    kids_notice: noticeId(draw.pick(['never', 'only', 'only-briefly', 'shorter', 'opt-out'])),
    seen: daysOff(present, -2, draw.int(-3, 3)),
  })),
  (making, row) => {
    const asked = later('good', noticeId('again'), -3, 0, making.draw.pick(['delivered', 'sent']));
    (making.draw.chance(60) ? freshly(asked, noticeId('again')) : asked)(making, row);
    row.kids_notice = noticeId(making.draw.pick(['never', 'only', 'only-briefly']));
    row.seen = daysOff(making.present, -2, making.draw.int(-3, 3));
  },
  set(({ draw }) => ({ kids_notice: draw.pick(['', 'web@nowhere']) })),
];

export const timeKinds: readonly Kind[] = [
  ...laterKinds,
  ...earlierKinds,
  ...earlierKinds,
  ...dayKinds,
  ...promisedKinds,
];
