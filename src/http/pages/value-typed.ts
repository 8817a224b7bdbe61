/** What somebody types to put a detail right, where only a day, or a yes or a no, can stand there. */
import { isYesOrNo, type NamedField, yesOrNo } from '../../app/window/named-field.ts';
import { isDate } from '../../policy/dates.ts';
import type { CivilDate, Source } from '../../policy/model.ts';

/** `yes-or-past-day`: whether it came true, or the day on which it did. */
export type Wanted = 'text' | 'day' | 'yes-or-past-day';
export type Typed =
  | { readonly kind: 'value'; readonly value: string }
  | {
      readonly kind: 'fault';
      readonly fault: 'control' | 'tooLong' | 'dayNone' | 'dayAhead' | 'yesOrDayNone';
    };

const longest = 400;

export function wantedOf({ fields }: Source, { field, as }: NamedField): Wanted {
  if (isYesOrNo(as)) return 'yes-or-past-day';
  return fields.find(({ name }) => name === field)?.type === 'date' ? 'day' : 'text';
}

export type Reading = {
  readonly today: CivilDate;
  /** How the reader's language says them, and writes a day. */
  readonly yes: string;
  readonly no: string;
  date(on: CivilDate): string;
};

/** A day becomes `2023-08-19`, a yes `yes`. Empty: nothing should be there. */
export function valueTyped(wanted: Wanted, text: string, { today, yes, no, date }: Reading): Typed {
  const typed = text.trim();
  const fault = (of: Extract<Typed, { kind: 'fault' }>['fault']): Typed => ({ kind: 'fault', fault: of });
  if (/\p{Cc}/u.test(typed)) return fault('control');
  if (typed.length > longest) return fault('tooLong');
  if (wanted === 'text' || typed === '') return { kind: 'value', value: typed };
  const on = dayTyped(typed) ?? dayShown(typed, date);
  if (wanted === 'day') return on === null ? fault('dayNone') : { kind: 'value', value: on };
  if (on !== null) return on > today ? fault('dayAhead') : { kind: 'value', value: on };
  const lower = typed.toLowerCase();
  const isTrue = lower === yes.toLowerCase() ? true : lower === no.toLowerCase() ? false : yesOrNo(typed);
  return isTrue === null ? fault('yesOrDayNone') : { kind: 'value', value: isTrue ? 'yes' : 'no' };
}

/** `19 8 2023`, `19/08/2023`, `19.8.2023` and `2023-08-19`: as days are written here, and as files have them. */
function dayTyped(text: string): CivilDate | null {
  if (isDate(text)) return text;
  const [, day = '', month = '', year = ''] = /^(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})$/.exec(text) ?? [];
  const on = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(on) ? on : null;
}

/** `19 August 2023`: as a page shows it, with the name of its month. */
function dayShown(text: string, date: Reading['date']): CivilDate | null {
  const [, day, year] = /^(\d{1,2})\D+(\d{4})$/.exec(text) ?? [];
  if (day === undefined || year === undefined) return null;
  const bare = (shown: string): string => shown.toLowerCase().replaceAll(/[\s.,]+/g, ' ');
  for (let month = 1; month <= 12; month += 1) {
    const on = `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
    if (isDate(on) && bare(date(on)) === bare(`${Number(day)}${text.slice(day.length)}`)) return on;
  }
  return null;
}

/** A day as it would be typed; all else as it is. */
export function asTyped(value: string): string {
  if (!isDate(value)) return value;
  const [year = '', month = '', day = ''] = value.split('-');
  return `${Number(day)} ${Number(month)} ${year}`;
}
