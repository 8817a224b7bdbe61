import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addPeriod, addYears, dayOf, isDate } from './dates.ts';

it.each([
  ['2024-01-31', { months: 1, days: 0 }, '2024-02-29'],
  ['2023-01-31', { months: 1, days: 0 }, '2023-02-28'],
  ['2024-02-29', { months: 12, days: 0 }, '2025-02-28'],
  ['2024-12-15', { months: 1, days: 20 }, '2025-02-04'],
  ['2024-03-31', { months: 0, days: 1 }, '2024-04-01'],
])('%s and %o is %s', (date, period, expected) => {
  expect(addPeriod(date, period)).toBe(expected);
});

it('refuses what is not a real date', () => {
  for (const text of ['2023-02-29', '2024-13-01', '2024-00-10', '24-01-01', '2024-1-1', '', '2024-01-01 '])
    expect(isDate(text)).toBe(false);
  expect(() => addYears('2023-02-29', 1)).toThrow(RangeError);
});

it('never goes back when a later date is moved by the same period', () => {
  const date = fc
    .date({ min: new Date('1900-01-01T00:00Z'), max: new Date('2100-01-01T00:00Z'), noInvalidDate: true })
    .map((d) => d.toISOString().slice(0, 10));
  fc.assert(
    fc.property(date, date, fc.nat(600), fc.nat(60), (a, b, months, days) => {
      const [first, second] = [a, b].sort() as [string, string];
      return addPeriod(first, { months, days }) <= addPeriod(second, { months, days });
    }),
  );
});

it('takes the calendar day of London', () => {
  expect(dayOf(Date.parse('2017-05-04T23:30:00Z'))).toBe('2017-05-05');
  expect(dayOf(Date.parse('2017-01-04T23:30:00Z'))).toBe('2017-01-04');
});
