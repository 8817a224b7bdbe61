import { expect, test } from 'vitest';
import { dayOf } from './dates.ts';
import { day, instant } from './figures.ts';
import { londonAhead } from './london-clock.ts';

const zone = { timeZone: 'Europe/London' } as const;
const days = new Intl.DateTimeFormat('en-CA', { ...zone, year: 'numeric', month: '2-digit', day: '2-digit' });
const dates = { day: 'numeric', month: 'long', year: 'numeric' } as const;
const times = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
const instants = new Intl.DateTimeFormat('en-GB', { ...zone, ...dates, ...times });
const plain = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...dates });
const hour = 3_600_000;

test('days and instants are those that the tables of all clocks give, through every change of every year', () => {
  const differing: number[] = [];
  for (let year = 1994; year <= 2101; year++) {
    for (const month of [0, 2, 9]) {
      for (let at = Date.UTC(year, month, 24); at <= Date.UTC(year, month, 32); at += hour) {
        for (const near of [at - 1, at])
          if (dayOf(near) !== days.format(near) || instant(near) !== instants.format(near))
            differing.push(near);
      }
    }
  }
  expect(differing).toEqual([]);
});

test('a day is written as those tables write it', () => {
  for (const date of [
    '0000-01-01',
    '0026-01-01',
    '0999-12-31',
    '1000-01-01',
    '2016-02-29',
    '2017-05-05',
    '9999-12-31',
  ])
    expect(day(date)).toBe(plain.format(Date.parse(`${date}T00:00:00Z`)));
});

test('outside the years of the rule nobody is told how far ahead the clocks are', () => {
  const years = ['1995-12-31T23:59:59Z', '2100-01-01T00:00:00Z', 'never'];
  expect(years.map((at) => londonAhead(Date.parse(at)))).toEqual([null, null, null]);
  expect(londonAhead(Date.parse('1996-01-01T00:00:00Z'))).toBe(0);
});
