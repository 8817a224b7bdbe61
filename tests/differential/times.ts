/** Instants as files write them: exact, local, a bare day, or not readable. */
import type { Instant } from '../../src/policy/model.ts';
import type { Draw } from './draw.ts';

const minute = 60_000;

/** The instant with an offset, to the second: exact. */
export function exact(instant: Instant, offset: 0 | 60 = 0): string {
  const text = new Date(instant + offset * minute).toISOString().slice(0, 19);
  return offset === 0 ? `${text}Z` : `${text}+01:00`;
}

/** The same instant in one of the ways a file may have it; all but the exact one are vaguer. */
export function written(draw: Draw, instant: Instant): string {
  const way = draw.int(1, 10);
  if (way <= 6) return exact(instant, draw.pick([0, 60] as const));
  if (way <= 7) return new Date(instant).toISOString().slice(0, 19);
  if (way <= 9) return new Date(instant).toISOString().slice(0, 10);
  return draw.pick(['', 'soon', '2017-13-01']);
}
