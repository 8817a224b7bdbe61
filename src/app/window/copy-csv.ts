/** A copy as one table, for a spreadsheet, which runs nothing of it. */
import type { Words } from '../../words/words.ts';
import { csvCell } from '../people/recorded.ts';
import type { Copied } from './copied.ts';
import { sectionsOf } from './copy-lines.ts';

/** With the mark by which spreadsheets know that it is UTF-8. */
export function csvOf(words: Words, copied: Copied): string {
  const rows = sectionsOf(words, copied).flatMap(({ title, lines }) =>
    lines.map(({ what, value, from, when }) => [title, what, value, from, when]),
  );
  const text = [words.copy.columns, ...rows].map((row) =>
    row.map((cell) => csvCell(inertText(cell))).join(','),
  );
  return `\uFEFF${text.join('\r\n')}\r\n`;
}

/**
 * A leading apostrophe for text that a spreadsheet would run, as in a list that is released (`bulk/outputs/cells.ts`): it begins
 * with = + - @, tab or carriage return and is not a plain number.
 */
export function inertText(text: string): string {
  if (!/^[=+\-@\t\r]/.test(text)) return text;
  return /^[+-](\d+\.?\d*|\.\d+)$/.test(text) ? text : `'${text}`;
}
