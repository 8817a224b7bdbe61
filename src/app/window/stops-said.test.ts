import { expect, test } from 'vitest';
import type { OwnSaid } from './own-said.ts';
import type { SaidItem } from './said-of.ts';
import { isOfAll, stopsSaid } from './stops-said.ts';

const all = { purpose: null, organisation: null, channel: null, field: null };
const said = (kind: SaidItem['kind'], event: string, more: Partial<SaidItem> = {}): SaidItem => ({
  ...{ number: 1, where: 'here', event, kind, scope: all, wording: null, notice: null, consent: null },
  ...{ lifts: null, at: '2026-11-22', signed: null, by: 'web', ...more },
});
/** Each record's own, by its number. */
const own = (stops: Readonly<Record<number, readonly string[]>>): ReadonlyMap<number, OwnSaid> =>
  new Map(
    Object.entries(stops).map(([number, events]) => [
      Number(number),
      { events: new Set(events), stops: events.map(standsAs) },
    ]),
  );
const standsAs = (event: string): OwnSaid['stops'][number] => ({
  ...{ event, relation: 'own', from: 0, received: 0, resolved: null },
  scope: { purpose: 'all', organisation: 'all', contactChannel: 'all', field: 'all' },
});
const standing = (
  stops: Readonly<Record<number, readonly string[]>>,
  ...items: readonly SaidItem[]
): readonly (string | null)[] => stopsSaid({ items: [...items] }, own(stops)).map(({ event }) => event);

test('a stop is said while it stands, whatever was said of it since, and nothing else is', () => {
  const stop = said('objection', 'pe-1');
  const lift = said('lift', 'pe-2', { lifts: 'pe-1' });
  expect(standing({ 1: ['pe-1'] }, lift, stop)).toEqual(['pe-1']);
  expect(standing({ 1: [] }, stop)).toEqual([]);
  expect(standing({ 1: ['pe-1', 'pe-2'] }, said('consent', 'pe-2'), stop)).toEqual(['pe-1']);
});

test('what stands of one record stands not of another', () => {
  const stops = [said('objection', 'pe-1'), said('objection', 'pe-1', { number: 2 })];
  expect(stopsSaid({ items: stops }, own({ 1: [], 2: ['pe-1'] })).map(({ number }) => number)).toEqual([2]);
});

test.each(['stop', 'withdrawal', 'restriction', 'erasure'] as const)(
  'a %s stops as an objection does',
  (kind) => {
    expect(standing({ 1: ['pe-1'] }, said(kind, 'pe-1'))).toEqual(['pe-1']);
  },
);

test('a stop that names anything is not of everything, nor is one that nobody knows the reach of', () => {
  expect(isOfAll({ scope: all })).toBe(true);
  expect(isOfAll({ scope: { ...all, channel: 'post' } })).toBe(false);
  expect(isOfAll({ scope: null })).toBe(false);
});
