import { expect, test } from 'vitest';
import { counted, day, instant, moment, number, placeIn } from './figures.ts';

test('numbers are grouped, and one of a thing is one', () => {
  expect([
    number(1065200),
    counted(1, 'record'),
    counted(1000n, 'row'),
    counted(1n, 'entry', 'entries'),
  ]).toEqual(['1,065,200', '1 record', '1,000 rows', '1 entry']);
});

test('a date is a day, and a time an instant in London; what is neither is shown as it is', () => {
  expect(moment('2017-05-05')).toBe(day('2017-05-05'));
  expect(moment('2017-05-05T08:00:00.000Z')).toBe(instant(Date.parse('2017-05-05T08:00:00Z')));
  expect(moment('2017-05-05T08:00:00.000Z')).toContain('09:00 BST');
  for (const text of ['2017-02-30', 'last week', '']) expect(moment(text)).toBe(text);
});

test('a place in a log says what its numbers run to', () => {
  expect(placeIn(1n, 2n)).toBe('entry number 1 (of 0 to 1)');
  expect(placeIn(0n, 1n)).toBe('entry number 0 (the only one)');
});
