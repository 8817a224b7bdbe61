/** The text of a notice as a page, with words of it marked. Of its Markdown what people see: headings, lists, quotes, words. */
import { html } from 'hono/html';
import { foldWords, visible } from '../../documents/notice-text.ts';
import type { Html } from '../frame.ts';

type Block = { readonly kind: 'heading' | 'item' | 'quote' | 'words'; readonly text: string };

/** `marks` are quotes of it; one that runs over the end of a paragraph is marked in neither. */
export function noticeText(text: string, marks: readonly string[]): Html {
  const folded = marks.map(foldWords).filter((mark) => mark !== '');
  return html`${blocksOf(visible(text)).map((block) => shown(block, folded))}`;
}

function shown({ kind, text }: Block, marks: readonly string[]): Html {
  const words = marked(foldWords(text), marks);
  switch (kind) {
    case 'heading':
      return html`<h2>${words}</h2>`;
    case 'item':
      return html`<ul><li>${words}</li></ul>`;
    case 'quote':
      return html`<blockquote><p>${words}</p></blockquote>`;
    case 'words':
      return html`<p>${words}</p>`;
  }
}

/** Lines that belong together, each kind by how it begins. */
function blocksOf(text: string): readonly Block[] {
  const blocks: { kind: Block['kind']; text: string }[] = [];
  let open = false;
  for (const line of text.split(/\r?\n/)) {
    const bare = line.trim();
    const kind = kindOf(bare);
    const last = blocks.at(-1);
    if (bare === '') open = false;
    else if (open && last !== undefined && (kind === 'words' || (kind === 'quote' && last.kind === 'quote')))
      last.text += `\n${bare}`;
    else {
      blocks.push({ kind, text: bare });
      open = kind !== 'heading';
    }
  }
  return blocks.filter((block) => foldWords(block.text) !== '');
}

function kindOf(line: string): Block['kind'] {
  if (/^#{1,6}\s/.test(line)) return 'heading';
  if (/^([-*+]|\d{1,3}[.)])\s/.test(line)) return 'item';
  return line.startsWith('>') ? 'quote' : 'words';
}

/** Overlapping words are marked once. */
function marked(text: string, marks: readonly string[]): readonly (Html | string)[] {
  const covered = new Array<boolean>(text.length).fill(false);
  for (const mark of marks)
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1))
      covered.fill(true, at, at + mark.length);
  const pieces: (Html | string)[] = [];
  for (let from = 0; from < text.length; ) {
    const on = covered[from] === true;
    let until = from;
    while (until < text.length && (covered[until] === true) === on) until += 1;
    const words = text.slice(from, until);
    pieces.push(on ? html`<mark>${words}</mark>` : words);
    from = until;
  }
  return pieces;
}
