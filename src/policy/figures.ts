/** Numbers, days, instants and places in a log, as people read them: alike wherever they are said. */
import { isDate } from './dates.ts';
import type { CivilDate, Instant } from './model.ts';

const counts = new Intl.NumberFormat('en-GB');
const instants = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});
const briefs = new Intl.DateTimeFormat('en-GB', {
  ...{ timeZone: 'Europe/London', day: 'numeric', month: 'short', year: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit' },
});
const days = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/** `1,065,200`. */
export function number(n: number | bigint): string {
  return counts.format(n);
}

/** `1 record`, `1,065,200 records`; the plural is the singular and an s unless given. */
export function counted(n: number | bigint, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 || n === 1n ? one : many}`;
}

/** `5 May 2017`; a text that is no date is shown as it is. */
export function day(date: CivilDate): string {
  return isDate(date) ? days.format(Date.parse(`${date}T00:00:00Z`)) : date;
}

/** `5 May 2017 at 09:00 BST`, in Europe/London. */
export function instant(at: Instant): string {
  return Number.isFinite(at) ? instants.format(at) : 'an unknown instant';
}

/** `23 Nov 2026, 09:00`, in Europe/London: for tables. */
export function brief(at: Instant): string {
  return Number.isFinite(at) ? briefs.format(at) : 'an unknown instant';
}

/** A date or a time as documents write it: a day, or an instant; a text that is neither is shown as it is. */
export function moment(text: string): string {
  const at = isDate(text.slice(0, 10)) && text[10] === 'T' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? day(text) : instant(at);
}

/** Entries of a log are numbered from 0: `entry number 1 (of 0 to 4)` of a log of five. */
export function placeIn(index: bigint, size: bigint): string {
  const of = size === 1n ? 'the only one' : `of 0 to ${number(size - 1n)}`;
  return `entry number ${number(index)} (${of})`;
}
