/** The stops that somebody said and has not taken back, of all that they said. */
import type { Said, SaidItem } from './said-of.ts';

const stops: ReadonlySet<SaidItem['kind']> = new Set([
  ...(['stop', 'objection', 'withdrawal', 'restriction', 'erasure'] as const),
]);

/** In the order they are given in. A stop is taken back for the record alone that took it back. */
export function stopsSaid({ items }: Said): readonly SaidItem[] {
  const lifted = new Set(items.map(({ number, lifts }) => (lifts === null ? '' : `${number} ${lifts}`)));
  return items.filter(({ kind, number, event }) => stops.has(kind) && !lifted.has(`${number} ${event}`));
}

/** Whether nothing of it goes on: no purpose, organisation, way or detail is named. */
export const isOfAll = ({ scope }: Pick<SaidItem, 'scope'>): boolean =>
  scope !== null && Object.values(scope).every((part) => part === null);
