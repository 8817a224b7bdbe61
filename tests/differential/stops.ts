/** Kinds of people who said stop, or whose neighbours did; and what lifts a stop and what does not (C1 to C4). */

import { type Kind, type Making, plainMember } from './member.ts';
import { noticeId } from './notices.ts';
import { exact, written } from './times.ts';
import type { EventColumn, RawEvent, RawRecord } from './world.ts';

type Scope = Pick<RawEvent, 'purpose' | 'organisation' | 'contact-channel' | 'field'>;
const day = 86_400_000;

/** A scope that meets the requests of these worlds, and ones that differ from it in a part and so do not. */
const meeting: Scope = {
  purpose: 'dpv:DirectMarketing',
  organisation: 'acme',
  'contact-channel': 'post',
  field: 'surname',
};
const others: readonly Scope[] = [
  { ...meeting, purpose: 'dpv:AcademicResearch' },
  { ...meeting, organisation: 'elsewhere' },
  { ...meeting, 'contact-channel': 'sms' },
  { ...meeting, field: 'faith' },
];
const everything: Scope = { purpose: '', organisation: 'all', 'contact-channel': ' ', field: '' };
/** Words that nobody knows in every part, and in all but one. */
const unknown: Scope = {
  purpose: 'whatever',
  organisation: 'who knows',
  'contact-channel': 'pigeon',
  field: 'something',
};
const strange: readonly Scope[] = [
  unknown,
  // What should have stood in another column.
  { ...unknown, organisation: 'ann@example.org', field: '07700 900123', purpose: 'dpv:DirectMarketing' },
  { ...meeting, organisation: 'ann@example.org' },
  { ...meeting, field: '2001-02-03' },
  { ...meeting, purpose: 'toys' },
  { ...unknown, purpose: 'all', field: '' },
  { ...unknown, purpose: 'dpv:DirectMarketing' },
  { ...unknown, organisation: 'acme' },
  { ...unknown, 'contact-channel': 'post' },
  { ...unknown, field: 'surname' },
  { ...unknown, field: 'astold:FamilyName' },
];
const scopes: readonly Scope[] = [
  ...strange,
  meeting,
  meeting,
  everything,
  everything,
  { ...meeting, purpose: 'dpv:Marketing' },
  { ...meeting, organisation: 'who knows' },
  { ...meeting, field: 'all' },
  { ...meeting, 'contact-channel': 'all' },
  ...others,
];

function stop({ draw, present, events }: Making, event: Partial<RawEvent>): RawEvent {
  const received = present.cutOff + draw.pick([-day * 9, -day * 9, -day * 9, -day, -1000, 0, 1000, day * 3]);
  const made: RawEvent = {
    event: `s${events.length}`,
    kind: draw.pick(['objection', 'withdrawal', 'restriction', 'erasure', 'moved', '']),
    ...draw.pick(scopes),
    signed: draw.chance(40) ? written(draw, received - draw.pick([0, day])) : '',
    received: written(draw, received),
    logged: draw.chance(20) ? written(draw, received + draw.pick([0, day])) : '',
    ...event,
  };
  events.push(made);
  return made;
}

/** A stop that surely counts, said some time ago at an exact instant. */
function certain(making: Making, event: Partial<RawEvent>): RawEvent {
  const at = exact(making.present.cutOff - day * 9);
  return stop(making, { ...meeting, kind: 'objection', signed: at, received: at, logged: '', ...event });
}

function permission({ events, present, draw }: Making, event: Partial<RawEvent>): void {
  const received = present.cutOff + draw.pick([-day * 2, -day * 2, -day * 2, -1000, 0]);
  events.push({
    event: `l${events.length}`,
    kind: 'consent',
    notice: noticeId('good'),
    consent: 'partners',
    signed: exact(present.cutOff - day * 3),
    received: exact(received),
    ...event,
  });
}

const contact = (
  row: RawRecord,
  parts: readonly (readonly [EventColumn, keyof RawRecord])[],
): Partial<RawEvent> => Object.fromEntries(parts.map(([column, from]) => [column, row[from]]));
const ways: readonly (readonly (readonly [EventColumn, keyof RawRecord])[])[] = [
  [['email', 'email']],
  [['phone', 'phone']],
  [
    ['surname', 'surname'],
    ['postcode', 'postcode'],
    ['address-line', 'address'],
  ],
  [
    ['birth-date', 'dob'],
    ['postcode', 'postcode'],
  ],
];

/** Makes `row` match `other` in one of the ways of C4, or nearly. */
function matching({ draw }: Making, row: RawRecord, other: RawRecord): void {
  switch (draw.int(1, 7)) {
    case 1:
      row.email = ` ${other.email.toUpperCase()} `;
      break;
    case 2:
      row.phone = other.phone.replace(/^0/, '0044').replaceAll(' ', '-');
      break;
    case 3:
      Object.assign(row, {
        surname: other.surname.toUpperCase(),
        postcode: other.postcode.toLowerCase(),
        address: other.address,
      });
      break;
    case 4:
      Object.assign(row, { dob: other.dob, postcode: other.postcode.replace(' ', '') });
      break;
    case 5:
      Object.assign(row, { surname: other.surname, postcode: other.postcode });
      break;
    case 6:
      Object.assign(row, { dob: other.dob, email: '' });
      Object.assign(other, { email: '' });
      break;
    default:
      Object.assign(row, { surname: other.surname, address: other.address });
  }
}

const scopeIn = (said: RawEvent): Scope => ({
  purpose: said.purpose ?? '',
  organisation: said.organisation ?? '',
  'contact-channel': said['contact-channel'] ?? '',
  field: said.field ?? '',
});

/** A letter that may be theirs. */
function letter(making: Making, row: RawRecord, scope: Scope): RawEvent {
  return certain(making, {
    record: '',
    surname: `${row.surname.slice(0, 4)}${making.draw.pick(['', 'x', 'son'])}`,
    postcode: row.postcode,
    ...scope,
  });
}

/** A person says whose that stop is, or that it is nobody's here. */
function resolution({ events, present }: Making, of: RawEvent, event: Partial<RawEvent>): RawEvent {
  const at = exact(present.cutOff - day * 2);
  const made: RawEvent = {
    event: `r${events.length}`,
    kind: 'resolution',
    lifts: of.event,
    received: at,
    ...event,
  };
  events.push(made);
  return made;
}

/** What a resolution may look like, most of them no resolution of anything. */
const unsure = ({ present }: Making, row: RawRecord): readonly Partial<RawEvent>[] => {
  const at = (ms: number): Partial<RawEvent> => ({ received: exact(present.cutOff + ms) });
  const early = exact(present.cutOff - day * 20);
  return [
    {},
    {},
    {},
    at(-1000),
    at(0),
    at(1000),
    { logged: exact(present.cutOff + 1000) },
    { received: early },
    { received: early, logged: exact(present.cutOff - day) },
    { received: '' },
    { received: 'soon' },
    { signed: 'soon' },
    { logged: '2017-13-01' },
    { received: new Date(present.cutOff - day * 3).toISOString().slice(0, 10) },
    { received: new Date(present.cutOff).toISOString().slice(0, 10) },
    { lifts: 'no such event' },
    { lifts: '' },
    { record: row.id },
    { record: 'nobody' },
    { event: '' },
    { kind: ' Resolution ' },
    { purpose: 'dpv:AcademicResearch' },
  ];
};

/** What a consent to lift a stop may name: one that counts, and ones that do not. */
const named: readonly Partial<RawEvent>[] = [
  {},
  {},
  { consent: 'second' },
  { notice: noticeId('opt-out'), consent: 'second' },
  { notice: noticeId('opt-out') },
  { notice: noticeId('bundled') },
  { notice: noticeId('not-named') },
  { notice: 'web@nowhere' },
  { notice: '' },
  { consent: '' },
  { consent: 'no such box' },
];

export const stopKinds: readonly Kind[] = [
  (making, row) => void stop(making, { record: row.id }),
  (making, row) => void certain(making, { record: row.id }),
  // A stop and a consent that may or may not be of the identical scope.
  (making, row) => {
    const { draw } = making;
    const said = certain(making, {
      record: row.id,
      ...draw.pick([meeting, meeting, everything, ...strange]),
    });
    const scope = scopeIn(said);
    const changed = draw.pick<Partial<Scope>>([
      {},
      {},
      {},
      { purpose: 'all' },
      { organisation: 'print' },
      { 'contact-channel': 'all' },
      { field: '' },
      { field: ` ${scope.field} ` },
    ]);
    permission(making, {
      record: row.id,
      ...scope,
      ...changed,
      ...draw.pick([
        {},
        {},
        { signed: said.received ?? '' },
        { signed: '' },
        { received: '' },
        { kind: 'lift' },
      ]),
    });
  },
  // A later consent of the identical scope, to what counts or to what does not.
  (making, row) => {
    const said = certain(making, { record: row.id });
    permission(making, { record: row.id, ...scopeIn(said), ...making.draw.pick(named) });
  },
  // Said to be signed after it was received, or at that instant.
  (making, row) => {
    const { draw, present } = making;
    const said = certain(making, { record: row.id });
    const received = present.cutOff - day * 2;
    permission(making, {
      record: row.id,
      ...draw.pick([scopeIn(said), { kind: 'lift', lifts: said.event }]),
      signed: exact(received + draw.pick([0, 1000])),
      received: exact(received),
    });
  },
  // An act that shows a stop whose id another event has too.
  (making, row) => {
    const { draw, events } = making;
    const said = certain(making, { record: row.id, ...draw.pick([meeting, everything]) });
    const other: Partial<RawEvent> = { event: said.event, ...draw.pick(others) };
    const how = draw.int(1, 4);
    if (how === 1) certain(making, { ...other, record: draw.pick([row.id, 'nobody', '']) });
    if (how === 2) permission(making, { ...other, record: draw.pick([row.id, 'nobody']) });
    if (how === 3)
      events.push({ event: said.event, kind: 'presented', record: 'nobody', received: said.received ?? '' });
    permission(making, { record: row.id, kind: 'lift', lifts: said.event });
  },
  // A letter that may be theirs: no consent lifts it, and an act that showed it does.
  (making, row) => {
    const { draw } = making;
    const said = letter(making, row, draw.pick([meeting, meeting, everything]));
    permission(making, {
      record: row.id,
      ...scopeIn(said),
      ...draw.pick([{}, {}, { kind: 'lift', lifts: said.event }, { kind: 'lift', lifts: 'no such event' }]),
    });
  },
  // A letter that may be theirs, of which a person says that it is not; and all that is no such saying.
  (making, row) => void resolution(making, letter(making, row, making.draw.pick([meeting, everything])), {}),
  (making, row) => {
    const { draw, events } = making;
    const said = letter(making, row, draw.pick([meeting, everything]));
    if (draw.chance(20)) said.record = draw.pick([row.id, 'nobody']);
    if (draw.chance(20)) Object.assign(said, contact(row, draw.pick(ways)));
    if (draw.chance(20)) said.event = '';
    if (draw.chance(30)) letter(making, row, draw.pick([meeting, everything, ...others]));
    if (draw.chance(15)) Object.assign(said, { received: draw.pick(['', 'soon']), signed: '' });
    const made = resolution(making, said, draw.pick(unsure(making, row)));
    if (draw.chance(15)) resolution(making, said, {});
    if (draw.chance(15)) certain(making, { event: draw.pick([said.event, made.event]), record: 'nobody' });
    if (draw.chance(10)) events.push({ ...made });
    if (draw.chance(10))
      permission(making, { record: row.id, kind: 'lift', lifts: draw.pick([said.event, made.event]) });
  },
  (making, row) => {
    const { draw } = making;
    const said = certain(making, { record: row.id, ...draw.pick([meeting, everything]) });
    const other = certain(making, { record: draw.pick([row.id, 'nobody']), ...draw.pick(others) });
    permission(making, {
      record: row.id,
      kind: draw.pick(['lift', 'lift', 'lift', 'consent']),
      lifts: draw.pick([said.event, said.event, other.event, '']),
      ...draw.pick([{}, {}, { signed: said.received ?? '' }, { received: '' }]),
    });
  },
  // A stop on another record that may be the same person's; lifted on one of them, or on the other.
  (making, row) => {
    const { draw } = making;
    const other = plainMember(making);
    matching(making, row, other);
    const said = draw.chance(60)
      ? certain(making, { record: other.id, ...draw.pick([meeting, everything]) })
      : stop(making, { record: other.id });
    if (draw.chance(30))
      permission(making, { record: draw.pick([row.id, other.id]), kind: 'lift', lifts: said.event });
  },
  (making, row) => {
    const other = plainMember(making);
    matching(making, row, other);
    certain(making, { record: other.id });
  },
  // A third record, two hops away, which no stop reaches.
  (making, row) => {
    const [middle, far] = [plainMember(making), plainMember(making)];
    middle.email = row.email;
    far.phone = middle.phone;
    certain(making, { record: row.id });
  },
  // Letters and calls that name no record, or one that is not there.
  (making, row) => {
    const { draw } = making;
    const said = draw.chance(70) ? certain : stop;
    said(making, { record: draw.pick(['', '', 'nobody']), ...contact(row, draw.pick(ways)) });
  },
  (making, row) => {
    const { draw } = making;
    const surname = `${row.surname.slice(0, 4)}${draw.pick(['', 'x', 'son'])}`;
    const said = draw.chance(70) ? certain : stop;
    said(making, {
      record: '',
      surname,
      postcode: draw.pick([row.postcode, row.postcode, row.postcode.toLowerCase()]),
      ...(draw.chance(30) ? { 'address-line': '1 Elsewhere' } : {}),
    });
  },
  (making, row) => void certain(making, { record: row.id, ...making.draw.pick(others) }),
  // The contact details of an event reach further than those of the record it names.
  (making, row) => {
    const other = plainMember(making);
    certain(making, { record: row.id, ...contact(other, making.draw.pick(ways)) });
  },
];
