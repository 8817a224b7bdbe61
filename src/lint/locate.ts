/** Where quoted words stand in a notice, by the very rule that loading goes by; and the sentences near to them. */
import leven from 'leven';
import { type QuotePlace, quoteFinder } from '../documents/notice-blocks.ts';
import type { Layer } from '../documents/notice-text.ts';
import { plain } from '../policy/words.ts';
import type { DraftQuote, NoticeDraft } from './draft.ts';
import type { Span } from './finding.ts';

/** `at`: the offset in the original of each folded character. */
type Folded = { readonly text: string; readonly at: readonly number[] };

function fold(text: string): Folded {
  const out: string[] = [];
  const at: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const space = /\s/.test(character);
    if (space && (out.length === 0 || out.at(-1) === ' ')) continue;
    out.push(space ? ' ' : plain(character));
    at.push(i);
  }
  if (out.at(-1) === ' ') {
    out.pop();
    at.pop();
  }
  return { text: out.join(''), at };
}

/**
 * Answers where a quote stands; places are in the whole file. `layers` are those of the body, as loading cuts it; null
 * where it cannot be cut: then a quote may stand in any of it.
 */
export function locator(
  draft: NoticeDraft,
  layers: readonly Layer[] | null,
): (quote: DraftQuote) => QuotePlace {
  const { bodyStart, shown } = draft;
  const whole: readonly Layer[] = [{ number: 1, text: shown.slice(bodyStart), offset: 0 }];
  const placeOf = quoteFinder(layers ?? whole);
  return ({ text, layer }) => {
    const place = placeOf(text, layers === null ? null : layer);
    return place.kind === 'stands'
      ? { kind: 'stands', ...wordsWithin(shown, bodyStart + place.start, bodyStart + place.end, text) }
      : place;
  };
}

/** Just the quoted words within the block they stand in; the block, where marks stand between them. */
export function wordsWithin(shown: string, start: number, end: number, quote: string): Span {
  const block = fold(shown.slice(start, end));
  const wanted = fold(quote).text;
  const found = block.text.indexOf(wanted);
  const [first, last] = [block.at[found], block.at[found + wanted.length - 1]];
  return found === -1 || first === undefined || last === undefined
    ? { start, end }
    : { start: start + first, end: start + last + 1 };
}

/** The sentence of the text nearest to the words, where one is near at all (at most half its letters differ). */
export function closest(
  text: string,
  start: number,
  words: string,
): (Span & { readonly text: string }) | null {
  const wanted = fold(words).text.toLowerCase();
  let best: (Span & { readonly text: string }) | null = null;
  let distance = Math.floor(wanted.length / 2) + 1;
  for (const sentence of sentencesOf(text, start)) {
    const candidate = fold(sentence.text).text.toLowerCase();
    const found = leven(candidate, wanted, { maxDistance: distance });
    if (found < distance) {
      best = sentence;
      distance = found;
    }
  }
  return best;
}

/** The sentences of the text from `start` on; a heading, a list item and a paragraph each end one. */
export function sentencesOf(text: string, start: number): readonly (Span & { readonly text: string })[] {
  const found: (Span & { readonly text: string })[] = [];
  for (const block of text.slice(start).matchAll(/(?:(?!\r?\n[ \t]*(?:\r?\n|[-*#>]|\d+\.))[\s\S])+/g)) {
    for (const sentence of block[0].matchAll(/[^.!?\s](?:[^.!?]|[.!?](?!\s|$))*[.!?]*/g)) {
      const at = start + block.index + sentence.index;
      found.push({ text: sentence[0], start: at, end: at + sentence[0].length });
    }
  }
  return found;
}
