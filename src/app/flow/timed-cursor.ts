/** The cursor of a list that is sorted by time and id, the latest first. */
import { type Expression, type SqlBool, sql } from 'kysely';
import { partsOf } from './cursor.ts';

export type TimedPlace = { readonly at: Date; readonly id: string };

/** Where the next page begins: `start` without a cursor, null where it is none of such a list. */
export function timedPlace(cursor: string | undefined): TimedPlace | 'start' | null {
  if (cursor === undefined) return 'start';
  const [at, id] = partsOf(cursor, 2) ?? [];
  if (at === undefined || id === undefined) return null;
  const time = new Date(at);
  return Number.isNaN(time.getTime()) || time.toISOString() !== at ? null : { at: time, id };
}

/** What comes after it, where `column` is the time that the list is sorted by. */
export function after(column: string, place: TimedPlace | 'start'): Expression<SqlBool> {
  if (place === 'start') return sql<SqlBool>`true`;
  return sql<SqlBool>`(${sql.ref(column)}, id) < (${place.at}, ${place.id})`;
}
