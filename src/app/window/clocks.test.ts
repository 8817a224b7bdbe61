import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addPeriod, isDate } from '../../policy/dates.ts';
import { daysBetween, dueNext, dueOn, mayExtend, stoodFor } from './clocks.ts';

const monthly = ['access', 'correction', 'erasure'] as const;
const days = fc.integer({ min: 0, max: 4000 }).map((n) => addPeriod('2024-01-01', { months: 0, days: n }));
const clock = (receivedOn: string, more: object = {}) => ({
  ...{ kind: 'access' as const, receivedOn, extended: false, stood: 0 },
  ...more,
});

describe('a month from receipt', () => {
  test.each([
    ['2026-11-21', '2026-12-21'],
    ['2026-01-31', '2026-02-28'],
    ['2024-01-31', '2024-02-29'],
    ['2026-03-31', '2026-04-30'],
    ['2026-12-31', '2027-01-31'],
    // A Sunday, and Christmas Day: no day is moved on.
    ['2026-10-25', '2026-11-25'],
    ['2026-11-25', '2026-12-25'],
  ])('what came on %s is answered by %s', (received, due) => {
    for (const kind of monthly) expect(dueOn(clock(received, { kind }))).toBe(due);
  });

  test('two more months make three from receipt, not from a shortened month', () => {
    expect(dueOn(clock('2026-01-31', { extended: true }))).toBe('2026-04-30');
    expect(dueOn(clock('2026-11-30', { extended: true }))).toBe('2027-02-28');
  });

  test('it is never before 28 days nor after 31, is a day, and comes in the order of receipt', () => {
    fc.assert(
      fc.property(days, days, (a, b) => {
        const due = dueOn(clock(a));
        expect(isDate(due)).toBe(true);
        expect(daysBetween(a, due)).toBeGreaterThanOrEqual(28);
        expect(daysBetween(a, due)).toBeLessThanOrEqual(31);
        if (a <= b) expect(due <= dueOn(clock(b))).toBe(true);
      }),
    );
  });

  test('each day that it stood moves it by one, extended or not', () => {
    fc.assert(
      fc.property(days, fc.nat(200), fc.boolean(), (received, stood, extended) => {
        const bare = dueOn(clock(received, { extended }));
        expect(daysBetween(bare, dueOn(clock(received, { extended, stood })))).toBe(stood);
      }),
    );
  });

  test('more time is taken within the month and once, and of nothing but these three', () => {
    fc.assert(
      fc.property(days, fc.nat(120), (received, later) => {
        const today = addPeriod(received, { months: 0, days: later });
        expect(mayExtend(clock(received), today)).toBe(today <= dueOn(clock(received)));
        expect(mayExtend(clock(received, { extended: true }), today)).toBe(false);
        for (const kind of ['complaint', 'objection'] as const)
          expect(mayExtend(clock(received, { kind }), today)).toBe(false);
      }),
    );
  });
});

describe('the others', () => {
  test('a complaint is acknowledged within 30 days, and no question moves that', () => {
    expect(dueOn(clock('2026-06-19', { kind: 'complaint', stood: 9, extended: true }))).toBe('2026-07-19');
    expect(stoodFor('complaint', '2026-06-20', '2026-07-01')).toBe(0);
    expect(stoodFor('access', '2026-06-20', '2026-07-01')).toBe(11);
    expect(stoodFor('access', '2026-07-01', '2026-06-20')).toBe(0);
  });

  test('to correct or erase no question gives more time', () => {
    for (const kind of ['correction', 'erasure'] as const) {
      expect(stoodFor(kind, '2026-06-20', '2026-07-01')).toBe(0);
      const waiting = { kind, state: 'waiting' as const, dueOn: '2026-12-21', acknowledged: false };
      expect(dueNext({ ...waiting, waitingSince: '2026-12-01' }, '2026-12-22').overdue).toBe(true);
    }
  });

  test('an objection is answered at once', () => {
    expect(dueOn(clock('2026-06-19', { kind: 'objection' }))).toBe('2026-06-19');
  });
});

describe('what is owed next', () => {
  const running = (more: object) => ({
    ...{ kind: 'access' as const, state: 'open' as const, dueOn: '2026-12-21', acknowledged: false },
    ...{ waitingSince: null, ...more },
  });

  test('the last day is in time, the day after is not', () => {
    expect(dueNext(running({}), '2026-12-21')).toEqual({ what: 'answer', on: '2026-12-21', overdue: false });
    expect(dueNext(running({}), '2026-12-22').overdue).toBe(true);
  });

  test('a clock that stands is overdue only if it was when it was stopped', () => {
    const waiting = { state: 'waiting' as const };
    expect(dueNext(running({ ...waiting, waitingSince: '2026-12-21' }), '2027-06-01').overdue).toBe(false);
    expect(dueNext(running({ ...waiting, waitingSince: '2026-12-22' }), '2027-06-01').overdue).toBe(true);
    const complaint = { ...waiting, kind: 'complaint' as const, waitingSince: '2026-12-01' };
    expect(dueNext(running(complaint), '2026-12-22').overdue).toBe(true);
  });

  test('of a complaint that was acknowledged an outcome is owed, on no day that the law names', () => {
    const due = dueNext(running({ kind: 'complaint', acknowledged: true }), '2030-01-01');
    expect(due).toEqual({ what: 'outcome', on: null, overdue: false });
  });

  test('of what has ended nothing is owed', () => {
    for (const state of ['done', 'refused'] as const)
      expect(dueNext(running({ state }), '2030-01-01')).toEqual({
        what: 'nothing',
        on: null,
        overdue: false,
      });
  });
});
