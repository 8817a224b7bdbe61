/** What a text that turned up somewhere shows (E7, E9): trace codes in it, and sleepers by name and address. */
import { foldName } from '../policy/fold.ts';
import type { SleeperRow } from './sleeper-rows.ts';
import { type ParsedTraceCode, parseTraceCode } from './trace-code.ts';

/** What could be a trace code: thirteen letters or digits, parted at most as they are printed. */
const candidate = /(?<![A-Za-z0-9])[A-Za-z0-9]{4}[ -]?[A-Za-z0-9]{4}[ -]?[A-Za-z0-9]{5}(?![A-Za-z0-9])/g;

/** The codes of a text, each once. A text that is nothing but one code with a slip in it gives that slip. */
export function codesIn(text: string): readonly ParsedTraceCode[] {
  const whole = parseTraceCode(text);
  if (whole.kind !== 'malformed') return [whole];
  const found = new Map<string, ParsedTraceCode>();
  for (const [written] of text.matchAll(candidate)) {
    const parsed = parseTraceCode(written);
    // Other words have thirteen letters too: here only what checks is a code.
    if (parsed.kind === 'code') found.set(parsed.code, parsed);
  }
  return [...found.values()];
}

/** `variant`: just this release's row. `some`: the sleeper, in words that do not tell which of its rows. */
export type SleeperSeen = 'variant' | 'some';

/**
 * Whether a text shows a sleeper's row: every cell that the variant changes stands in it, and some other cell too. Where
 * only the rest stands in it, at least two cells of it, the sleeper was seen and the release cannot be told.
 */
export function sleeperSeen(text: string, row: SleeperRow, changed: readonly string[]): SleeperSeen | null {
  const folded = foldName(text);
  const stands = ([, cell]: readonly [string, string]): boolean => folded.includes(foldName(cell));
  const cells = Object.entries(row.cells).filter(([, cell]) => foldName(cell).length > 1);
  const rest = cells.filter(([name]) => !changed.includes(name)).filter(stands);
  const own = cells.filter(([name]) => changed.includes(name));
  if (own.length > 0 && own.every(stands))
    return cells.length === own.length || rest.length > 0 ? 'variant' : null;
  return rest.length > 1 ? 'some' : null;
}
