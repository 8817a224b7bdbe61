/** Times as docs/formats.md ("Times") reads them, independently of the engine. */
import type { CivilDate, Instant } from '../../src/policy/model.ts';

const hour = 3_600_000;

type Span = { readonly low: Instant; readonly high: Instant };

/** The earliest and latest instant a time can be; null where it cannot be read. */
function spanOf(text: string | null): Span | null {
  if (text === null) return null;
  const [whole, date, time, offset] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  if (whole === undefined || date === undefined) return null;
  const start = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== date) return null;
  if (time === undefined) return { low: start - hour, high: start + 24 * hour };
  if (offset !== undefined) {
    const at = Date.parse(`${date}T${time}${offset}`);
    return Number.isNaN(at) ? null : { low: at, high: at };
  }
  const local = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(local) ? null : { low: local - hour, high: local };
}

export const lowest = (text: string | null): Instant | null => spanOf(text)?.low ?? null;
export const highest = (text: string | null): Instant | null => spanOf(text)?.high ?? null;

const london = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The day in London of a time; of one without an offset, the day it says. */
export function londonDay(text: string | null): CivilDate | null {
  const span = spanOf(text);
  if (text === null || span === null) return null;
  return span.low === span.high ? london.format(new Date(span.high)) : text.slice(0, 10);
}
