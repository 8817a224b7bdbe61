import { expect, test } from 'vitest';
import { day } from '../../policy/figures.ts';
import { asTyped, valueTyped } from './value-typed.ts';

const reading = { today: '2026-11-22', yes: 'yes', no: 'no', date: day };
const of = (wanted: 'text' | 'day' | 'yes-or-past-day', text: string): string => {
  const typed = valueTyped(wanted, text, reading);
  return typed.kind === 'value' ? typed.value : typed.fault;
};

test.each([
  '19 8 2023',
  '19/08/2023',
  '19.8.2023',
  '19-08-2023',
  ' 2023-08-19 ',
  '19 August 2023',
  ' 19  august 2023',
])('%s is a day', (text) => {
  expect(of('day', text)).toBe('2023-08-19');
});

test.each([
  'yesterday',
  '30 2 2024',
  '8/19/2023',
  '19 8 23',
  'Y',
  '31 June 2023',
  '19 Augustus 2023',
  '19 2023',
])('%s is no day', (text) => {
  expect(of('day', text)).toBe('dayNone');
});

test('the day of a death may be a day, or a yes or a no; no day to come, and no other word', () => {
  expect(of('yes-or-past-day', '19 8 2023')).toBe('2023-08-19');
  expect(of('yes-or-past-day', 'Yes')).toBe('yes');
  expect(of('yes-or-past-day', 'n')).toBe('no');
  expect(of('yes-or-past-day', '')).toBe('');
  expect(of('yes-or-past-day', '23 11 2026')).toBe('dayAhead');
  expect(of('yes-or-past-day', 'yesterday')).toBe('yesOrDayNone');
});

test('a child may be born on a day to come', () => {
  expect(of('day', '1 3 2027')).toBe('2027-03-01');
});

test('a sign that cannot be written is said to be that, and not to be too long', () => {
  expect(of('text', 'Lar\u0007ch')).toBe('control');
  expect(of('text', 'x'.repeat(401))).toBe('tooLong');
  expect(of('text', 'yesterday')).toBe('yesterday');
});

test('a day is offered as it would be typed', () => {
  expect(asTyped('2023-08-19')).toBe('19 8 2023');
  expect(asTyped('Larch')).toBe('Larch');
});
