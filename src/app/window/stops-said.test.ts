import { expect, test } from 'vitest';
import type { SaidItem } from './said-of.ts';
import { isOfAll, stopsSaid } from './stops-said.ts';

const all = { purpose: null, organisation: null, channel: null, field: null };
const said = (kind: SaidItem['kind'], event: string, more: Partial<SaidItem> = {}): SaidItem => ({
  ...{ number: 1, where: 'here', event, kind, scope: all, wording: null, notice: null, consent: null },
  ...{ lifts: null, at: '2026-11-22', signed: null, by: 'web', ...more },
});
const standing = (...items: readonly SaidItem[]): readonly (string | null)[] =>
  stopsSaid({ items: [...items] }).map(({ event }) => event);

test('a stop stands until it is taken back; a yes takes nothing back', () => {
  const stop = said('objection', 'pe-1');
  expect(standing(said('consent', 'pe-2'), stop)).toEqual(['pe-1']);
  expect(standing(said('lift', 'pe-2', { lifts: 'pe-1' }), stop)).toEqual([]);
  expect(standing(said('lift', 'pe-2', { lifts: 'pe-0' }), stop)).toEqual(['pe-1']);
});

test('what one record takes back still stands for another', () => {
  const lift = said('lift', 'pe-2', { lifts: 'pe-1', number: 2 });
  expect(standing(lift, said('objection', 'pe-1'))).toEqual(['pe-1']);
});

test.each(['stop', 'withdrawal', 'restriction', 'erasure'] as const)(
  'a %s stops as an objection does',
  (kind) => {
    expect(standing(said(kind, 'pe-1'))).toEqual(['pe-1']);
  },
);

test('a stop that names anything is not of everything, nor is one that nobody knows the reach of', () => {
  expect(isOfAll({ scope: all })).toBe(true);
  expect(isOfAll({ scope: { ...all, channel: 'post' } })).toBe(false);
  expect(isOfAll({ scope: null })).toBe(false);
});
