/** Draws a world: its present, its lists, its people and what they said, and its requests. */
import fc from 'fast-check';
import { addPeriod, dayOf } from '../../src/policy/dates.ts';
import type { RetentionAnchor, SuppressionList } from '../../src/policy/model.ts';
import { sourceOf } from './documents.ts';
import { type Draw, drawFrom } from './draw.ts';
import type { Making } from './member.ts';
import { drawPeople } from './people.ts';
import { policiesOf } from './policies.ts';
import type { Cells, Present, RawList, World } from './world.ts';

const columns = {
  record: 'record',
  forename: 'forename',
  surname: 'surname',
  addressLine: 'address',
  postcode: 'postcode',
  email: 'email',
  phone: 'phone',
} as const;
type Column = keyof typeof columns;
const kinds: readonly (readonly [
  string,
  SuppressionList['kind'],
  SuppressionList['level'],
  readonly Column[],
])[] = [
  ['own', 'own', 'person', ['forename', 'surname', 'postcode']],
  ['mps', 'mps', 'person', ['surname', 'postcode']],
  ['baby', 'baby-mps', 'surname-at-address', ['surname', 'addressLine', 'postcode']],
  ['tps', 'tps', 'number', ['phone']],
  ['own-mail', 'own', 'email', ['email']],
  ['own-record', 'own', 'record', ['record']],
  ['own-address', 'own', 'address', ['addressLine', 'postcode']],
];
export const listColumns = Object.values(columns);

function listsOf(dir: string, { day }: Present): readonly SuppressionList[] {
  return kinds.map(([id, kind, level, used]) => ({
    id,
    kind,
    level,
    layout: 'columns',
    columns: Object.fromEntries(used.map((column) => [column, columns[column]])),
    file: {
      path: `${dir}/${id}.csv`,
      format: 'csv',
      encoding: 'utf-8',
      delimiter: ',',
      dateFormat: 'YYYY-MM-DD',
    },
    fileDate: addPeriod(day, { months: 0, days: -5 }),
    allowedAge: { months: 0, days: 90 },
    digest: id,
  }));
}

/** On every list, so that none is empty: an empty list is one that cannot be read. */
const stranger: Cells = {
  record: 'nobody',
  forename: 'No',
  surname: 'Body',
  address: '1 Nowhere',
  postcode: 'ZZ9 9ZY',
  email: 'no.body@example.org',
  phone: '07700 800001',
};
const anchors: readonly RetentionAnchor[] = [
  { kind: 'collection' },
  { kind: 'last-act' },
  { kind: 'end-of-membership' },
  { kind: 'child-birthday', years: 1 },
  { kind: 'youngest-child-birthday', years: 1 },
];
/** Leap days, both changes of the clocks, the ends of months; else any day. */
const specialDays = [
  '2020-02-29',
  '2024-02-28',
  '2023-02-28',
  '2017-03-26',
  '2019-10-27',
  '2021-12-31',
  '2022-03-31',
  '2017-05-05',
];

function presentOf(draw: Draw): Present {
  const day = draw.chance(50)
    ? draw.pick(specialDays)
    : addPeriod('2016-01-01', { months: draw.int(0, 120), days: draw.int(0, 30) });
  const cutOff = Date.parse(`${day}T00:00:00Z`) + draw.int(0, 86_399) * 1000;
  return { cutOff, day: dayOf(cutOff) };
}

/** A world of at least so many people, its files to stand in a folder of its own under `root`. */
export function worlds(people: number, root: string): fc.Arbitrary<World> {
  return fc.gen().map((value) => {
    const draw = drawFrom(value);
    const present = presentOf(draw);
    // An engine may keep what it read of a path: no two worlds share one.
    const dir = `${root}/${draw.int(0, 2 ** 31 - 1)}`;
    const lists = listsOf(dir, present);
    const listed = new Map(lists.map((list) => [list.id, [{ ...stranger }]]));
    const making: Making = { draw, present, records: [], events: [], areas: [], listed };
    drawPeople(making, people);
    const raw: readonly RawList[] = lists.map((list) => ({ list, rows: making.listed.get(list.id) ?? [] }));
    return {
      // A failing world is told by its seed, not by its thousands of cells.
      [fc.toStringMethod]: () => `the world of ${dir}`,
      source: sourceOf(dir, present.day),
      records: making.records,
      areas: making.areas,
      lists: raw,
      events: making.events.map((event) => ({ ...event })) as World['events'],
      policies: policiesOf(draw, present, draw.pick(anchors), lists),
    };
  });
}
