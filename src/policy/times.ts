/** Times as people write them: "Times" in `docs/formats.md`. The engine's intake is the twin in SQL. */
import { isDate, startOf } from './dates.ts';
import type { Instant } from './model.ts';

export type TimeRange = { readonly earliest: Instant; readonly latest: Instant };

const hour = 3_600_000;
const pattern =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?$/;

/** The instants a text can mean; null where it is neither a real date nor a time. */
export function timeOf(text: string): TimeRange | null {
  if (isDate(text)) return { earliest: startOf(text), latest: startOf(text) + 25 * hour };
  const found = pattern.exec(text);
  if (!found || !isDate(found[1] ?? '')) return null;
  if (found[5] !== undefined) {
    const exact = Date.parse(text);
    return { earliest: exact, latest: exact };
  }
  // London is at UTC, or an hour ahead of it.
  const local = Date.parse(`${text}Z`);
  return { earliest: local - hour, latest: local };
}

/** Whether a text is a date, or a time with its offset: what is recorded anew must be one of these. */
export function isSureTime(text: string): boolean {
  return isDate(text) || (pattern.exec(text)?.[5] !== undefined && timeOf(text) !== null);
}
