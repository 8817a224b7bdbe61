/** Numbers, days, instants and places in a log, as people read them: alike wherever they are said. */
import { isDate, splitDate } from './dates.ts';
import { londonAhead } from './london-clock.ts';
import type { CivilDate, Instant } from './model.ts';

/** Made when one is needed: what is mostly said is said without. */
const made = new Map<string, Intl.DateTimeFormat>();
function format(style: Intl.DateTimeFormatOptions, at: Instant): string {
  const name = JSON.stringify(style);
  const found = made.get(name) ?? new Intl.DateTimeFormat('en-GB', style);
  made.set(name, found);
  return found.format(at);
}
const dayParts = { day: 'numeric', month: 'long', year: 'numeric' } as const;
const timeParts = { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' } as const;
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** `1,065,200`. */
export function number(n: number | bigint): string {
  if (typeof n === 'number' && !Number.isSafeInteger(n)) return n.toLocaleString('en-GB');
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 record`, `1,065,200 records`; the plural is the singular and an s unless given. */
export function counted(n: number | bigint, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 || n === 1n ? one : many}`;
}

/** `5 May 2017`; a text that is no date is shown as it is. */
export function day(date: CivilDate): string {
  const parts = splitDate(date);
  if (parts === null) return date;
  const [year, month, of] = parts;
  return year < 1000
    ? format({ timeZone: 'UTC', ...dayParts }, Date.parse(`${date}T00:00:00Z`))
    : `${of} ${months[month - 1]} ${year}`;
}

/** `5 May 2017 at 09:00 BST`, in Europe/London. */
export function instant(at: Instant): string {
  if (!Number.isFinite(at)) return 'an unknown instant';
  const ahead = londonAhead(at);
  if (ahead === null) return format({ ...dayParts, ...timeParts, timeZoneName: 'short' }, at);
  const here = new Date(at + ahead).toISOString();
  return `${day(here.slice(0, 10))} at ${here.slice(11, 16)} ${ahead === 0 ? 'GMT' : 'BST'}`;
}

/** `23 Nov 2026, 09:00`, in Europe/London: for tables. */
export function brief(at: Instant): string {
  return Number.isFinite(at)
    ? format({ ...dayParts, month: 'short', ...timeParts }, at)
    : 'an unknown instant';
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
