/**
 * Date rules turned into plain comparisons: adding a period to a date never changes the order of two dates, so
 * "anchor + period >= end" is "anchor >= the first date for which that is so". No engine's own date arithmetic is
 * used, and every engine compares dates alike.
 */
import { addPeriod, addYears } from '../../policy/dates.ts';
import type { CivilDate, Retention } from '../../policy/model.ts';

const first: CivilDate = '0001-01-01';
const last: CivilDate = '9800-12-31';
const aDay = 86_400_000;

/** The last date on which someone who is `years` old on a day can have been born. */
export function bornBy(years: number, on: CivilDate): CivilDate {
  return before(firstDate((born) => addYears(born, years) > on));
}

/** The earliest anchor (for a child's birthday: the earliest birth) whose retention still lasts at `end` (C7). */
export function anchoredFrom(told: Extract<Retention, { kind: 'period' }>, end: CivilDate): CivilDate {
  const { from, period } = told;
  const years = from.kind === 'child-birthday' || from.kind === 'youngest-child-birthday' ? from.years : 0;
  return firstDate((anchor) => addPeriod(addYears(anchor, years), period) >= end);
}

/** The first date of which a test that stays true once true is true. */
function firstDate(holds: (date: CivilDate) => boolean): CivilDate {
  let [low, high] = [dayNumber(first), dayNumber(last)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(dateOf(middle))) high = middle;
    else low = middle + 1;
  }
  return dateOf(low);
}

function before(date: CivilDate): CivilDate {
  return date === first ? first : dateOf(dayNumber(date) - 1);
}

const dayNumber = (date: CivilDate): number => Math.round(Date.parse(`${date}T00:00:00Z`) / aDay);
const dateOf = (day: number): CivilDate => new Date(day * aDay).toISOString().slice(0, 10);
