import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addPeriod, addYears } from '../../policy/dates.ts';
import { anchoredFrom, bornBy } from './thresholds.ts';

const date = fc
  .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2100-12-31T00:00:00Z'), noInvalidDate: true })
  .map((d) => d.toISOString().slice(0, 10));
const near = fc.record({ on: date, years: fc.nat(130), off: fc.integer({ min: -3, max: 3 }) });

test('someone is of an age on a day just if they were born by the threshold', () => {
  fc.assert(
    fc.property(near, ({ on, years, off }) => {
      const born = addPeriod(addYears(on, -years), { months: 0, days: off });
      expect(born <= bornBy(years, on)).toBe(addYears(born, years) <= on);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('someone born on a 29 February is of age on the 28th of a common year', () => {
  expect(bornBy(18, '2026-02-28')).toBe('2008-02-29');
});

test('retention lasts to the end just if its anchor is on or after the threshold', () => {
  const told = fc.record({ months: fc.nat(120), days: fc.nat(60), years: fc.nat(18), child: fc.boolean() });
  fc.assert(
    fc.property(date, told, fc.integer({ min: -3, max: 3 }), (end, { months, days, years, child }, off) => {
      const from = child ? ({ kind: 'child-birthday', years } as const) : ({ kind: 'collection' } as const);
      const retention = { kind: 'period', period: { months, days }, from } as const;
      const anchor = addPeriod(addPeriod(end, { months: -months - (child ? years * 12 : 0), days: -days }), {
        months: 0,
        days: off,
      });
      const lasts = addPeriod(child ? addYears(anchor, years) : anchor, { months, days }) >= end;
      expect(anchor >= anchoredFrom(retention, end)).toBe(lasts);
    }),
    { seed: 2, numRuns: 500 },
  );
});
