/** Long lists are given a page at a time; a cursor says after which item the next page begins. */
import { z } from 'zod';

const shape = /^[A-Za-z0-9_-]{1,400}$/;

/** What every use case that lists is asked with; its own fields are beside these. */
export const pageInput = z.strictObject({
  cursor: z.string().regex(shape).optional().meta({ description: '`next` of the page before' }),
  limit: z.coerce.number<number | string>().int().min(1).max(200).default(50),
});
export type PageInput = z.output<typeof pageInput>;

/** What every use case that lists answers; `next` is null on the last page. */
export const pageView = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
export type Page<T> = { readonly items: readonly T[]; readonly next: string | null };

/** The cursor after the item that these parts place, in the order the list is sorted by. */
export const cursorOf = (parts: readonly string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

/** The parts of a cursor; null where it is none of ours, or of a list sorted by something else. */
export function partsOf(cursor: string, count: number): readonly string[] | null {
  if (!shape.test(cursor)) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) && parts.length === count && parts.every(isPart) ? parts : null;
  } catch {
    return null;
  }
}

/** Postgres has no such character in a text: none of ours holds it. */
const isPart = (part: unknown): part is string =>
  typeof part === 'string' && !part.includes('\0') && part.isWellFormed();

/** A page of rows that were asked for with one more than `limit`, which says whether another page follows. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  placed: (item: T) => readonly string[],
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(placed(last)) : null };
}
