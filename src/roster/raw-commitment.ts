/**
 * The commitment to what a record held when it was ingested (E2): a SHA-256 that anyone can work out by hand from
 * the card and the salt. The SQL that does the same for every record is in `src/bulk/commitments.ts`.
 */
import { hash } from 'node:crypto';
import { isHex32 } from './token.ts';

/** Name of a value, and its text; null where the record has none. */
export type RawValues = Readonly<Record<string, string | null>>;

/** `\` and the line feed, so that each line is one value. */
export const escapes = [
  ['\\', '\\\\'],
  ['\n', '\\n'],
] as const;

/**
 * What is hashed: the salt, then `name=value` for each value that is there, in the order of the names' code units,
 * joined by line feeds; no line feed at the end. In a value `\` stands as `\\` and a line feed as `\n`.
 */
export function rawText(salt: string, values: RawValues): string {
  if (!isHex32(salt)) throw new RangeError('a salt is 32 lower-case hex digits');
  const lines = Object.entries(values).flatMap(([name, value]) => {
    requireName(name);
    if (value === null) return [];
    return [`${name}=${escapes.reduce((text, [from, to]) => text.replaceAll(from, to), value)}`];
  });
  return [salt, ...lines.sort(compareLines)].join('\n');
}

/** SHA-256 of the text, 64 hex digits. */
export const rawCommitment = (salt: string, values: RawValues): string =>
  hash('sha256', rawText(salt, values));

/** Throws RangeError for a name that would make a line mean two things. */
export function requireName(name: string): void {
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) throw new RangeError('a value that is committed to has a plain name');
}

/** In the order of the names' code units: `=` must not take part, for it comes after some letters of names. */
function compareLines(a: string, b: string): number {
  const [x, y] = [a.slice(0, a.indexOf('=')), b.slice(0, b.indexOf('='))];
  return x < y ? -1 : x > y ? 1 : 0;
}
