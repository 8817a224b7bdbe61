import { expect, test } from 'vitest';
import type { ReleaseWith } from '../../app/window/releases-with.ts';
import { english } from '../../words/words.ts';
import { detailsBody } from './details.ts';
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
  const shown = { home: '/organisations/club', club: 'Example Club', details, heldDays: 30 };
  expect(String(await detailsBody(words, shown))).toContain('1 July 2026');
  const lists = [{ release: 'toys-1', releasedAt, records: [1] }];
  const offered = { home: '/organisations/club', lists, most: 100, many: false };
  expect(String(await proveBody(words, offered))).toContain('1 July 2026');
});
