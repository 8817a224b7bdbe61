import { expect, test } from 'vitest';
import type { ListedCase } from '../../app/window/list-cases.ts';
import type { ReleaseWith } from '../../app/window/releases-with.ts';
import type { SaidItem } from '../../app/window/said-of.ts';
import { english } from '../../words/words.ts';
import { casesBody } from './cases.ts';
import { detailsBody, releaseBody } from './details.ts';
import { saidBody } from './held-and-said.ts';
import { answersBody } from './passed-on.ts';
import { proveBody } from './prove.ts';
import { toldStop } from './told-stop.ts';

/** In summer time: half past midnight of the next day in London. */
const releasedAt = '2026-06-30T23:30:00.000Z';
const words = english.details;

test('the day of a list is the day in London on which it was passed on', async () => {
  const item: ReleaseWith = {
    ...{ release: 'toys-1', releasedAt, records: [1], recipient: 'Example Mailing Ltd' },
    ...{ madeOf: null, countersigned: null, claims: [] },
  };
  const details = {
    ...{ safe: false, shared: false },
    records: [{ number: 1, source: 'members', record: 'M001', name: 'Ada' }],
    releases: { items: [item], searched: 1, unknown: 0 },
  };
  const shown = {
    home: '/organisations/club',
    club: 'Example Club',
    details,
    heldDays: 30,
    today: '2026-07-02',
  };
  expect(String(await detailsBody(words, shown))).toContain('1 July 2026');
  const lists = [{ release: 'toys-1', title: null, releasedAt, records: [1] }];
  const offered = { home: '/organisations/club', lists, most: 100, many: false };
  expect(String(await proveBody(words, offered))).toContain('1 July 2026');
});

test('what was written on one day and came on another is said with both days', async () => {
  const scope = { purpose: null, organisation: null, channel: null, field: null };
  const item = {
    ...{ number: 1, where: 'here' as const, event: 'pe-1', kind: 'objection' as const, scope, wording: null },
    ...{ at: '2026-01-05', notice: null, consent: null, lifts: null },
  };
  const said = async (signed: string | null, by: string): Promise<string> =>
    String(await saidBody(words, '/organisations/club', { items: [{ ...item, signed, by }] }, []));
  expect(await said('2026-01-02', 'letter')).toContain(
    'You wrote it on 2 January 2026, it reached us on 5 January 2026',
  );
  expect(await said('2026-01-02', 'phone')).toContain('You said it on 2 January 2026');
  expect(await said(null, 'letter')).not.toContain('it reached us on');
});

const answer = {
  ...{ number: 1, release: 'toys-1', party: 'quayside', name: 'Quayside Print Ltd', kind: 'stop' as const },
  ...{
    told: '2026-11-22T14:39:00.000Z',
    due: '2026-11-29',
    yours: true,
    answer: null,
    answered: null,
    entered: null,
    words: null,
    held: true,
  },
};

/** As it reads, of a list with these records of theirs. */
async function stands(items: readonly object[], records: readonly number[], unstopped: string | null) {
  const told = {
    ...{ records, today: '2026-11-25', unstopped },
    items: items.map((each) => ({ ...answer, ...each })),
  };
  const said = await toldStop(words, told);
  return said === null ? null : String(said);
}
const acorn = { party: 'acorn', name: 'Acorn Toys Ltd' };

test('how it stands with a stop is said of the list that it stops, as its holders say it', async () => {
  const of = (...items: readonly object[]) => stands(items, [1], '1 March 2027');
  expect(await of()).toBeNull();
  expect(await of({ kind: 'correction' })).toBeNull();
  expect(await of({})).toBe('You said stop. They must stop by 29 November 2026.');
  expect(await of({ due: '2026-11-24' })).toContain('had to answer by 24 November 2026, and have not');
  expect(await of({ answer: 'done' }, { ...acorn, answer: 'done' })).toBe(
    'You said stop. They say they have stopped.',
  );
});

test('that somebody has stopped is said of nobody who did not say so', async () => {
  const of = (...items: readonly object[]) => stands(items, [1], '1 March 2027');
  expect(await of({ answer: 'not-held' })).toBe('You said stop. They say they do not have your details.');
  const deleted = 'You said stop. They say they have deleted the whole list.';
  expect(await of({ held: false })).toBe(deleted);
  expect(await of({ held: false, answer: 'refused' })).toBe(deleted);
  expect(await of({ answer: 'done' }, { ...acorn, answer: 'refused' })).toBe(
    'You said stop. <bdi>Quayside Print Ltd</bdi>: they say they have stopped. <bdi>Acorn Toys Ltd</bdi>: they say they will not.',
  );
});

test('that somebody said stop is said of nobody whom a stop of others reached', async () => {
  const other = { yours: false };
  const safe = 'They were told to stop, to be safe. They must stop by 29 November 2026.';
  expect(await stands([other], [1], '1 March 2027')).toBe(safe);
  // One party was told of another's stop before, the next of their own.
  expect(await stands([other, { ...acorn, yours: true }], [1], '1 March 2027')).toContain('You said stop.');
  expect(await stands([{ ...other, kind: 'stop' }, { kind: 'correction' }], [1], null)).toBe(safe);
  const both = await stands([{}, { ...other, number: 2 }], [1, 2], '1 March 2027');
  expect(both).toBe(`Record 1: You said stop. They must stop by 29 November 2026.<br>Record 2: ${safe}`);
  const shown = { home: '/organisations/club', club: 'Example Club', today: '2026-11-25', records: [] };
  const answers = async (yours: boolean): Promise<string> =>
    String(await answersBody(english, { ...shown, items: [{ ...answer, yours }] }));
  expect(await answers(false)).toContain('you may not have said this stop yourself');
  expect(await answers(false)).toContain('<span class="soft">To be safe</span>');
  expect(await answers(true)).not.toMatch(/to be safe/i);
});

test('who refused a stop, and was told again, stands as they answered then', async () => {
  const of = (...items: readonly object[]) => stands(items, [1], '1 March 2027');
  const refused = { answer: 'refused', told: '2026-11-20T09:00:00.000Z' };
  expect(await of({ answer: 'done' }, refused)).toBe('You said stop. They say they have stopped.');
  expect(await of(refused, {})).toContain('They must stop by 29 November 2026.');
  // At one instant: what is least to be relied on.
  expect(await of({ answer: 'done' }, { kind: 'erasure' })).toContain('They must stop by');
});

test('the stop of one record at an address is not said of the other', async () => {
  const done = { answer: 'done' };
  expect(await stands([done], [1, 2], '1 March 2027')).toBe(
    'Record 1: You said stop. They say they have stopped.<br>Record 2: 1 March 2027',
  );
  expect(await stands([done], [2], '1 March 2027')).toBeNull();
  expect(await stands([done], [1, 2], null)).toBe('Record 1: You said stop. They say they have stopped.');
  expect(await stands([done, { number: 2 }], [1, 2], '1 March 2027')).toBe(
    'Record 1: You said stop. They say they have stopped.<br>Record 2: You said stop. They must stop by 29 November 2026.',
  );
  expect(await stands([done, { ...done, number: 2 }], [1, 2], '1 March 2027')).toBe(
    'You said stop. They say they have stopped.',
  );
});

test('of two records at an address each answer and each request says whose it is, and of one alone none does', async () => {
  const two = [
    { number: 1, name: 'Ada' },
    { number: 2, name: null },
  ];
  const items = [{ ...answer, number: 2 }];
  const shown = { home: '/organisations/club', club: 'Example Club', items, today: '2026-11-25' };
  const of = async (records: typeof two) => String(await answersBody(english, { ...shown, records }));
  expect(await of(two)).toContain('Record 2');
  expect(await of(two.slice(1))).not.toContain('Record 2');
  const one: ListedCase = {
    ...{ case: 'c1', number: 7, kind: 'access', state: 'open', by: 'web', signed: null, record: 1 },
    ...{ received: '2026-11-22', opened: '2026-11-22T09:00:00.000Z', acknowledged: null },
    due: { what: 'answer', on: '2026-12-22', overdue: false },
    ...{ extended: false, waitingSince: null, ended: null, event: null, version: 1 },
  };
  const { number } = words.whose;
  const asked = { words: english.cases, home: '/organisations/club', cases: [one], next: null, number };
  expect(String(await casesBody({ ...asked, records: two }))).toContain('Record 1: <bdi>Ada</bdi>');
  expect(String(await casesBody({ ...asked, records: two.slice(0, 1) }))).not.toContain('Record 1');
});

test('to obey stops is due at once, and no day of it reads as the day it is done by', async () => {
  const release: ReleaseWith = {
    ...{ release: 'toys-1', releasedAt, records: [1], recipient: 'Example Mailing Ltd' },
    ...{ madeOf: null, countersigned: null },
    claims: (['obey-stops', 'delete'] as const).map((kind) => ({
      ...{ party: 'Acorn Toys Ltd', kind, due: '2027-04-30', said: null, overdue: false },
    })),
  };
  const shown = { home: '/organisations/club', release, many: false, stop: null, since: null };
  const page = String(await releaseBody(words, shown));
  expect(page).toContain('at once, until 30 April 2027');
  expect(page.match(/>30 April 2027</g)).toHaveLength(1);
});

test('who will not stop, or does not answer in time, can be complained of to them, here, and to the commissioner', async () => {
  const shown = async (more: object): Promise<string> => {
    const items = [{ ...answer, ...more }];
    const given = {
      ...{ home: '/organisations/club', club: 'Example Club', items, today: '2026-11-25' },
      records: [],
    };
    return String(await answersBody(english, given));
  };
  for (const more of [{ answer: 'refused', words: 'No.' }, { due: '2026-11-24' }]) {
    expect(await shown(more)).toContain('or to the Information Commissioner');
    expect(await shown(more)).toContain('href="/organisations/club/say/complain"');
  }
  for (const more of [{}, { answer: 'done' }, { due: '2026-11-24', held: false }])
    expect(await shown(more)).not.toContain('/say/complain');
});

test('of two people at one address, what the one has stopped is not said of both', async () => {
  const scope = { purpose: null, organisation: null, channel: null, field: null };
  const stop = (number: number, at = '2026-11-22'): SaidItem => ({
    ...{
      number,
      where: 'here',
      event: `pe-${number}`,
      kind: 'objection',
      scope,
      at,
      by: 'web',
    },
    ...{ wording: null, notice: null, consent: null, lifts: null, signed: null },
  });
  const shown = async (...stops: SaidItem[]): Promise<string> => {
    const records = [1, 2].map((number) => ({
      number,
      source: 'members',
      record: `M00${number}`,
      name: null,
    }));
    const details = {
      safe: false,
      shared: true,
      records,
      stops,
      releases: { items: [], searched: 0, unknown: 0 },
    };
    const given = {
      home: '/organisations/club',
      club: 'Example Club',
      details,
      heldDays: 30,
      today: '2026-11-25',
    };
    return String(await detailsBody(words, given));
  };
  expect(await shown()).not.toContain('You have said stop');
  expect(await shown(stop(1))).toContain('You have said stop to some of it.');
  expect(await shown(stop(1), stop(2))).toContain('You have said stop to everything, on 22 November 2026.');
  // The latest comes first; of each record the first stop counts.
  const apart = await shown(stop(2, '2026-11-24'), stop(2, '2026-11-23'), stop(1));
  expect(apart).not.toContain('everything, on');
  expect(apart).toContain('Record 1: on 22 November 2026. Record 2: on 23 November 2026.');
});
