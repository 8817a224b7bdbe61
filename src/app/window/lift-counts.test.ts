import { expect, test } from 'vitest';
import { startOf } from '../../policy/dates.ts';
import { liftCounts } from './lift-counts.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-22T15:00:00Z');
const stopped = (received: number | null) => ({
  ...{ event: 'pe-1', received },
  scope: { purpose: 'all', organisation: 'all', contactChannel: 'all', field: 'all' },
});
/** On the web, at noon of the day. */
const stop = stopped(Date.parse('2026-11-20T12:00:00Z'));
const counts = (signed: string | null, received: string | null, of = stop): string =>
  liftCounts({ signed, received }, of, now).kind;

test('a stop is taken back by what was signed after the day on which it came', () => {
  expect(counts('2026-11-21', '2026-11-21')).toBe('now');
  expect(counts(null, null)).toBe('now');
});

test('a letter signed on the day of the stop, or before it, takes nothing back: ties favour the stop', () => {
  expect(counts('2026-11-20', '2026-11-21')).toBe('never');
  expect(counts('2026-11-01', '2026-11-21')).toBe('never');
  expect(counts('2026-11-20T12:00:00Z', '2026-11-21')).toBe('never');
  expect(counts('2026-11-20T12:00:01Z', '2026-11-21')).toBe('now');
});

test('what came today, at an hour nobody wrote down, counts when the day is over', () => {
  expect(counts('2026-11-21', '2026-11-22')).toBe('later');
});

test('a stop of a bare day is not taken back on that day, nor one whose time nobody knows', () => {
  const today = stopped(startOf('2026-11-22') + 25 * hour);
  expect(counts(null, null, today)).toBe('never');
  expect(counts(null, null, stopped(null))).toBe('never');
});
