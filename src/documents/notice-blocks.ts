/** A notice's text cut into the blocks that people read apart, and the one rule of where a quote stands in it (A2). */
import { boundary } from './notice-markup.ts';
import { foldWords, type Layer, standsIn } from './notice-text.ts';

const lines = {
  quoted: /^ {0,3}(?:>[ \t]?)+/,
  heading: /^[ \t]*#{1,6}(?:[ \t]|$)/,
  underline: /^ {0,3}(?:=+|-+)[ \t]*$/,
  rule: /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/,
  item: /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/,
  fence: /^[ \t]*(?:```|~~~)/,
  row: /^[ \t]*\|/,
} as const;

/** A paragraph, heading, list item or cell of a table: its words, folded, and the stretch of the text it takes up. */
export type Block = { readonly words: string; readonly start: number; readonly end: number };

type Piece = { readonly text: string; readonly at: number };
const boundaries = new RegExp(boundary, 'g');

/** The blocks of a text. People read them apart, so a quote stands in one of them. */
export function blocksOf(shown: string): readonly Block[] {
  const blocks: Piece[][] = [[]];
  const begin = (): void => void blocks.push([]);
  for (const { text: part, at: from } of pieces(shown, boundaries)) {
    begin();
    let quoted = 0;
    for (const { text: line, at } of pieces(part, /\r\n|\r|\n/g)) {
      const marks = (lines.quoted.exec(line)?.[0] ?? '').replaceAll(/[^>]/g, '').length;
      const bare = line.replace(lines.quoted, '');
      const alone = [lines.heading, lines.underline, lines.rule, lines.fence].some((kind) => kind.test(bare));
      if (alone || bare.trim() === '' || marks > quoted || lines.item.test(bare)) begin();
      if (marks > 0 || bare.trim() === '') quoted = marks;
      if (lines.row.test(bare)) {
        const start = from + at + line.length - bare.length;
        blocks.push(...pieces(bare, /\|/g).map((cell) => [{ text: cell.text, at: start + cell.at }]), []);
      } else blocks.at(-1)?.push({ text: line, at: from + at });
      if (alone) begin();
    }
  }
  return blocks.flatMap((block) => {
    const words = foldWords(block.map(({ text }) => text).join('\n'));
    const [first, last] = [block[0], block.at(-1)];
    return words === '' || !first || !last
      ? []
      : [{ words, start: first.at, end: last.at + last.text.length }];
  });
}

/** What stands between separators, with the place of each. */
function pieces(text: string, separator: RegExp): readonly Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(separator)) {
    found.push({ text: text.slice(at, match.index), at });
    at = match.index + match[0].length;
  }
  return [...found, { text: text.slice(at), at }];
}

/** Where a quote stands: in a block of the layer it names (null: of any); else in which other layer; else nowhere. */
export type QuotePlace =
  | { readonly kind: 'stands'; readonly start: number; readonly end: number }
  | { readonly kind: 'other-layer'; readonly layer: number }
  | { readonly kind: 'no-such-layer' }
  | { readonly kind: 'nowhere' };

/**
 * Answers where quotes stand in the layers of a text: the one rule for loading and for linting (A2). Places are offsets
 * in the body.
 */
export function quoteFinder(layers: readonly Layer[]): (quote: string, layer: number | null) => QuotePlace {
  const blocks = layers.map(({ number, text, offset }) => ({ number, offset, blocks: blocksOf(text) }));
  return (quote, layer) => {
    const wanted = foldWords(quote);
    const asked = layer === null ? blocks : blocks.filter(({ number }) => number === layer);
    if (asked.length === 0) return { kind: 'no-such-layer' };
    for (const { offset, blocks: own } of asked) {
      const block = own.find(({ words }) => standsIn(words, wanted));
      if (block) return { kind: 'stands', start: offset + block.start, end: offset + block.end };
    }
    const other = blocks.find((each) => each.blocks.some(({ words }) => standsIn(words, wanted)));
    return other ? { kind: 'other-layer', layer: other.number } : { kind: 'nowhere' };
  };
}
