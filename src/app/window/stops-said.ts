/** The stops that somebody said and that stand, of all that they said. */
import type { OwnSaid } from './own-said.ts';
import type { Said, SaidItem } from './said-of.ts';

const stops: ReadonlySet<SaidItem['kind']> = new Set([
  ...(['stop', 'objection', 'withdrawal', 'restriction', 'erasure'] as const),
]);

/** In the order they are given in; `own`, by the number of the record, has those that stand. */
export function stopsSaid({ items }: Said, own: ReadonlyMap<number, OwnSaid>): readonly SaidItem[] {
  return items.filter(
    ({ kind, number, event }) =>
      stops.has(kind) && own.get(number)?.stops.some((stop) => stop.event === event) === true,
  );
}

/** Whether nothing of it goes on: no purpose, organisation, way or detail is named. */
export const isOfAll = ({ scope }: Pick<SaidItem, 'scope'>): boolean =>
  scope !== null && Object.values(scope).every((part) => part === null);
