import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayOf } from './dates.ts';
import { isSureTime, timeOf } from './times.ts';

test('a bare date may be any instant of it in London, whatever the time of year', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1950-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      (at) => {
        const found = timeOf(dayOf(at.getTime()));
        expect(found?.earliest).toBeLessThanOrEqual(at.getTime());
        expect(found?.latest).toBeGreaterThanOrEqual(at.getTime());
      },
    ),
  );
});

test('a time with its offset is one instant, and one without may be an hour earlier', () => {
  const at = Date.parse('2026-06-01T09:00:00Z');
  expect(timeOf('2026-06-01T10:00:00+01:00')).toEqual({ earliest: at, latest: at });
  expect(timeOf('2026-06-01T09:00:00')).toEqual({ earliest: at - 3_600_000, latest: at });
});

test.each(['', '2026-02-30', '2026-06-01T25:00', '2026-6-1', 'yesterday', '2026-02-30T10:00:00Z'])(
  '%j is no time',
  (text) => {
    expect([timeOf(text), isSureTime(text)]).toEqual([null, false]);
  },
);

test('only a date, or a time with its offset, is sure', () => {
  expect(['2026-06-01', '2026-06-01T09:00:00Z', '2026-06-01T09:00:00'].map(isSureTime)).toEqual([
    true,
    true,
    false,
  ]);
});
