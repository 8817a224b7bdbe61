/** Arithmetic on calendar dates as text, clamped to the end of the month, as every SQL engine does it. */
import { londonAhead } from './london-clock.ts';
import type { CivilDate, Instant, Period } from './model.ts';

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Year, month (1 to 12) and day, or null where the text is not a real calendar date. */
export function splitDate(date: string): readonly [number, number, number] | null {
  const match = pattern.exec(date);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) ? [year, month, day] : null;
}

/** The first on which anything can have been signed or received: a year that is mistyped (0026) is no year. */
export const firstDay: CivilDate = '1900-01-01';

export const isDate = (text: string): boolean => splitDate(text) !== null;

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function joinDate(year: number, month: number, day: number): CivilDate {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The date a period later: months first, clamped to the end of the month, then days. */
export function addPeriod(date: CivilDate, period: Period): CivilDate {
  const parts = splitDate(date);
  if (!parts) throw new RangeError(`not a date: ${date}`);
  const months = parts[0] * 12 + (parts[1] - 1) + period.months;
  const year = Math.floor(months / 12);
  const month = (months % 12) + 1;
  const day = Math.min(parts[2], daysIn(year, month));
  if (period.days === 0) return joinDate(year, month, day);
  const moved = new Date(Date.UTC(year, month - 1, day + period.days));
  return joinDate(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate());
}

export function addYears(date: CivilDate, years: number): CivilDate {
  return addPeriod(date, { months: years * 12, days: 0 });
}

let london: Intl.DateTimeFormat | null = null;

/** The calendar date of an instant in Europe/London. */
export function dayOf(instant: Instant): CivilDate {
  const ahead = londonAhead(instant);
  if (ahead !== null) return new Date(instant + ahead).toISOString().slice(0, 10);
  london ??= new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Europe/London',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return london.format(new Date(instant));
}

/** Whether a dated thing is in force on a day: from its first day, to the end of `until`. */
export function inForceOn(
  range: { readonly from: CivilDate; readonly until: CivilDate | null },
  day: CivilDate,
): boolean {
  return range.from <= day && (range.until === null || day <= range.until);
}

/** Whether a dated thing is in force on every day of a stretch; one that runs backwards is its first day. */
export function inForceThrough(
  range: { readonly from: CivilDate; readonly until: CivilDate | null },
  from: CivilDate,
  to: CivilDate,
): boolean {
  return inForceOn(range, from) && (to < from || inForceOn(range, to));
}

/** The earliest instant of a day in London, whatever the time of year: see "Times" in `docs/formats.md`. */
export function startOf(day: CivilDate): Instant {
  return Date.parse(`${day}T00:00:00Z`) - 3_600_000;
}
