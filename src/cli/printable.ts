/** Text from documents and data, made safe to show: it may not move the cursor, colour or turn around a line. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Control and direction characters replaced; tabs and line ends to spaces. */
export function printable(text: string): string {
  return text.replace(/\s*[\t\r\n]\s*/g, ' ').replace(unsafe, '\uFFFD');
}

/** Every text in a plain value made printable; numbers, keys and shape stay. */
export function printableAll<T>(value: T): T {
  return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return printable(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [cleaned(key), cleaned(item)]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cleaned(item)]));
}
