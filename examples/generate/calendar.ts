/** Calendar dates as whole days since 1970-01-01, and back, without a time zone. */

export function day(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000;
}

const first = day('1955-01-01');
const texts = Array.from({ length: day('2031-01-01') - first }, (_, i) =>
  new Date((first + i) * 86_400_000).toISOString().slice(0, 10),
);

/** `YYYY-MM-DD`; from 1955 to 2030. */
export function date(days: number): string {
  const text = texts[days - first];
  if (text === undefined) throw new RangeError(`day ${days} is outside 1955 to 2030`);
  return text;
}

/** The Monday of that day's week. */
export function monday(days: number): number {
  return days - ((days + 3) % 7);
}
