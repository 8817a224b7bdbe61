import { expect, test } from 'vitest';
import type { ReleaseWith } from '../../app/window/releases-with.ts';
import type { SaidItem } from '../../app/window/said-of.ts';
import { english } from '../../words/words.ts';
import { detailsBody, releaseBody, toldStop } from './details.ts';
import { saidBody } from './held-and-said.ts';
import { answersBody } from './passed-on.ts';
import { proveBody } from './prove.ts';

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
  ...{ release: 'toys-1', party: 'quayside', name: 'Quayside Print Ltd', kind: 'stop' as const },
  ...{
    told: '2026-11-22T14:39:00.000Z',
    due: '2026-11-29',
    answer: null,
    answered: null,
    words: null,
    held: true,
  },
};

test('how it stands with a stop is said of the list that it stops, as its holders say it', () => {
  const stands = (...more: readonly object[]): string | null =>
    toldStop(
      words,
      more.map((each) => ({ ...answer, ...each })),
      '2026-11-25',
    );
  expect(stands()).toBeNull();
  expect(stands({ kind: 'correction' })).toBeNull();
  expect(stands({})).toBe('You said stop. They must stop by 29 November 2026.');
  expect(stands({ answer: 'done' }, { due: '2026-11-30' })).toContain('must stop by 30 November 2026');
  expect(stands({ answer: 'done' }, { answer: 'not-held' })).toBe(
    'You said stop. They say they have stopped.',
  );
  expect(stands({ held: false })).toBe('You said stop. They say they have stopped.');
  expect(stands({ due: '2026-11-24' })).toContain('had to answer by 24 November 2026, and have not');
  expect(stands({ answer: 'done' }, { answer: 'refused' })).toBe('You said stop. They say they will not.');
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
    const given = { home: '/organisations/club', club: 'Example Club', items, today: '2026-11-25' };
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
  const stop = (number: number): SaidItem => ({
    ...{
      number,
      where: 'here',
      event: `pe-${number}`,
      kind: 'objection',
      scope,
      at: '2026-11-22',
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
});
