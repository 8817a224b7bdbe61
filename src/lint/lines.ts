/** Offsets turned into lines and columns. */
import type { LintFinding, SpanFinding } from './finding.ts';

export type Position = { readonly line: number; readonly column: number };

/** A function from an offset in `text` to its 1-based line and column; offsets outside are drawn to the ends. */
export function positionsIn(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const at = Math.min(Math.max(offset, 0), text.length);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
  };
}

/** Findings with lines and columns, in the order of the text. */
export function placed(file: string, text: string, findings: readonly SpanFinding[]): readonly LintFinding[] {
  const position = positionsIn(text);
  return [...findings]
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.id < b.id ? -1 : 1))
    .map(({ span, ...finding }) => {
      const start = position(span.start);
      const end = position(Math.max(span.end, span.start));
      return {
        ...finding,
        file,
        line: start.line,
        column: start.column,
        endLine: end.line,
        endColumn: end.column,
      };
    });
}
