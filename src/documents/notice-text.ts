/**
 * The text of a notice as people read it, cut into layers, and searched for the words a quote gives (A2).
 * White space, Markdown marks and typographic quotes and dashes are folded; what is not shown as words (comments,
 * struck words, link definitions, pictures, tags and hidden elements) was not told, and is never found.
 */
import { withoutMarkup } from './notice-markup.ts';

export type LayerSpec = { readonly number: number; readonly startsAt: string | null };
/** A layer: its words, and where in the body it begins. */
export type Layer = { readonly number: number; readonly text: string; readonly offset: number };
export type Heading = { readonly words: string; readonly offset: number };
export type Sentence = { readonly text: string; readonly line: number; readonly layer: number };

const blank = (hidden: string): string => hidden.replace(/[^\r\n]/g, ' ');

/** The body with what people never see blanked out; every character keeps its place. */
export function visible(body: string): string {
  return withoutMarkup(body.replace(/<!--[\s\S]*?(?:-->|$)/g, blank))
    .replace(/!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?/g, blank)
    .replace(/~~(?=\S)[\s\S]*?\S~~/g, blank)
    .replace(/^ {0,3}\[[^\]\n]+\]:.*$/gm, blank);
}

const folds: readonly (readonly [RegExp, string])[] = [
  [/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1'],
  [/^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d{1,3}[.)][ \t]+)+/gm, ''],
  [/[\u200B-\u200D\u2060\uFEFF\u00AD]/g, ''],
  [/[‘’‚‛ʼ′´`]/g, "'"],
  [/[“”„‟«»″]/g, '"'],
  [/[‐‑‒–—―−]/g, '-'],
  [/…/g, '...'],
  [/\*+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, ''],
  [/\s+/gu, ' '],
];

/** Words folded to what is compared: case and punctuation stay. */
export function foldWords(text: string): string {
  return folds.reduce((folded, [from, to]) => folded.replace(from, to), text.normalize('NFC')).trim();
}

/** Whether a quote is words, and not one word that could stand anywhere: at least two, with letters. */
export function isWords(quote: string): boolean {
  return (
    foldWords(quote)
      .split(' ')
      .filter((word) => /\p{L}/u.test(word)).length >= 2
  );
}

/** Whether words stand in a text, both folded, whole words only. */
export function standsIn(foldedText: string, foldedWords: string): boolean {
  if (foldedWords === '') return false;
  const letter = /[\p{L}\p{N}]/u;
  for (
    let from = foldedText.indexOf(foldedWords);
    from >= 0;
    from = foldedText.indexOf(foldedWords, from + 1)
  ) {
    const before = foldedText[from - 1] ?? ' ';
    const after = foldedText[from + foldedWords.length] ?? ' ';
    const opens = !(letter.test(before) && letter.test(foldedWords[0] ?? ''));
    const closes = !(letter.test(after) && letter.test(foldedWords.at(-1) ?? ''));
    if (opens && closes) return true;
  }
  return false;
}

/** The headings of a body (`# words`, or words underlined), outside of code. */
export function headings(shown: string): readonly Heading[] {
  const found: Heading[] = [];
  let fence: string | null = null;
  let offset = 0;
  let previous: Heading | null = null;
  for (const line of shown.split(/(?<=\n)/)) {
    const opening = /^ {0,3}(```|~~~)/.exec(line)?.[1] ?? null;
    if (opening !== null && (fence === null || fence === opening)) fence = fence === null ? opening : null;
    else if (fence === null) {
      const marked = /^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*\r?\n?$/.exec(line)?.[1];
      if (marked !== undefined) found.push({ words: foldWords(marked), offset });
      else if (previous && /^ {0,3}(=+|-+)[ \t]*\r?\n?$/.test(line)) found.push(previous);
      previous = marked === undefined && line.trim() !== '' ? { words: foldWords(line), offset } : null;
    }
    offset += line.length;
  }
  return found;
}

/**
 * The sentence nearest to a quote, by the words they share; null where none shares half of them. The line is that
 * of the sentence's first word, the body beginning on `firstLine`.
 */
export function closestSentence(
  shown: string,
  layers: readonly Layer[],
  quote: string,
  firstLine: number,
): Sentence | null {
  const wanted = new Set(wordsOf(quote));
  if (wanted.size === 0) return null;
  let best: { readonly score: number; readonly sentence: Sentence } | null = null;
  for (const layer of layers) {
    for (const match of layer.text.matchAll(/[^\s][\s\S]*?(?:[.!?](?=\s|$)|(?=\r?\n\s*\r?\n)|$)/g)) {
      const has = new Set(wordsOf(match[0]));
      const shared = [...wanted].filter((word) => has.has(word)).length / wanted.size;
      const score = shared - has.size / 1000;
      if (shared < 0.5 || (best && best.score >= score)) continue;
      const line = firstLine + shown.slice(0, layer.offset + match.index).split('\n').length - 1;
      best = { score, sentence: { text: foldWords(match[0]), line, layer: layer.number } };
    }
  }
  return best?.sentence ?? null;
}

function wordsOf(text: string): readonly string[] {
  return (
    foldWords(text)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}
