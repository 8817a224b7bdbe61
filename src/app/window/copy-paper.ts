/** A copy as the paragraphs of a paper. What its font cannot write stands as a square, and the paper says where it is read whole. */
import type { Words } from '../../words/words.ts';
import type { Copied } from './copied.ts';
import { type CopyLine, sectionsOf } from './copy-lines.ts';

export type Paragraph = { readonly tag: 'H1' | 'H2' | 'P'; readonly text: string };

/** `has`: whether the font has a sign, by its number in Unicode. */
export function paperOf(words: Words, copied: Copied, has: (code: number) => boolean): readonly Paragraph[] {
  const { copy } = words;
  const paper: Paragraph[] = [];
  const unwritten = new Set<string>();
  /** `where`: what it is, for who looks for it elsewhere. */
  const add = (tag: Paragraph['tag'], said: string, where: string): void => {
    const { text, isWhole } = writable(said, copy.unwritten.sign, has);
    if (!isWhole) unwritten.add(where);
    paper.push({ tag, text: isWhole ? text : `${text} ${copy.unwritten.line}` });
  };
  add('H1', copy.title(copied.organisation), copy.unwritten.heading);
  add('P', copy.made(copy.instant(copied.made)), copy.unwritten.heading);
  for (const { title, lines, none } of sectionsOf(words, copied)) {
    add('H2', title, title);
    if (lines.length === 0) add('P', none, title);
    for (const line of lines) add('P', lineText(copy, line), copy.unwritten.where(title, line.what));
  }
  if (unwritten.size === 0) return paper;
  const end = [...copy.unwritten.text, ...unwritten].map((said): Paragraph => {
    const { text } = writable(said, copy.unwritten.sign, has);
    return { tag: 'P', text };
  });
  return [...paper, { tag: 'H2', text: copy.unwritten.title }, ...end];
}

function lineText(copy: Words['copy'], { what, value, from, when }: CopyLine): string {
  const more = [from, when].filter((text) => text !== '').join('; ');
  return copy.line(what, value === '' ? copy.nothing : value, more);
}

function writable(
  text: string,
  square: string,
  has: (code: number) => boolean,
): { readonly text: string; readonly isWhole: boolean } {
  let out = '';
  let isWhole = true;
  for (const sign of text.normalize('NFC')) {
    const code = sign.codePointAt(0) ?? 0;
    if (sign === '\n' || (code >= 0x20 && has(code))) out += sign;
    else if (code < 0x20) out += ' ';
    else {
      isWhole = false;
      out += square;
    }
  }
  return { text: out, isWhole };
}
