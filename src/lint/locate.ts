/** Finding quoted words in a text, white space and typographic quotes and dashes aside. */
import leven from 'leven';
import { plain } from '../policy/words.ts';
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

/** Answers where quotes stand in the text from `start` on: a span of the whole text, or null. */
export function locator(text: string, start: number): (quote: string) => Span | null {
  const folded = fold(text.slice(start));
  return (quote) => {
    const wanted = fold(quote).text;
    const found = wanted === '' ? -1 : folded.text.indexOf(wanted);
    const first = folded.at[found];
    const last = folded.at[found + wanted.length - 1];
    return found === -1 || first === undefined || last === undefined
      ? null
      : { start: start + first, end: start + last + 1 };
  };
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
