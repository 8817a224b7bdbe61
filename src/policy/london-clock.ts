/**
 * How far the clocks of London are ahead, by the rule that has held since 1996. The tables of every country's clocks take
 * longer to load than a small check takes to decide.
 */
import type { Instant } from './model.ts';

const hour = 3_600_000;
const [firstYear, lastYear] = [1996, 2099];

/** Milliseconds ahead of UTC; null outside the years 1996 to 2099, where the rule was another or nobody knows it. */
export function londonAhead(at: Instant): number | null {
  const year = new Date(at).getUTCFullYear();
  if (!(year >= firstYear && year <= lastYear)) return null;
  return at >= change(year, march) && at < change(year, october) ? hour : 0;
}

const [march, october] = [2, 9];

/** At 01:00 UTC of the last Sunday of a month of 31 days. */
function change(year: number, month: number): Instant {
  const last = new Date(Date.UTC(year, month, 31, 1));
  return last.getTime() - last.getUTCDay() * 24 * hour;
}
