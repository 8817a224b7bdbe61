/** The way of somebody's details as a picture: from the club through each party to the last. No script, no style of its own. */
import { html } from 'hono/html';
import type { Html } from '../frame.ts';

export type ChainNode = { readonly name: string; readonly role: string };

const width = 300;
const [inset, lineHeight, padding, arrow] = [6, 20, 12, 30];
/** What a line of the box takes of the widest letters of a usual font. */
const [nameLetters, roleLetters] = [28, 36];

/** `text` says the same to who does not see it. Down the page, so that it is read on a phone. */
export function chainPicture(nodes: readonly ChainNode[], text: string): Html {
  let y = inset;
  const drawn = nodes.map(({ name, role }, i) => {
    const lines = [
      ...linesOf(name, nameLetters).map((line) => ({ line, look: 'name' })),
      ...linesOf(role, roleLetters).map((line) => ({ line, look: 'role' })),
    ];
    const height = lines.length * lineHeight + 2 * padding - 4;
    const top = y;
    y += height + arrow;
    return html`${i === 0 ? '' : arrowTo(top)}<rect class="box${i === 0 ? ' first' : ''}" x="${inset}" y="${top}" width="${width - 2 * inset}" height="${height}" rx="8"/>
${lines.map(
  ({ line, look }, n) =>
    html`<text class="${look}" x="${width / 2}" y="${top + padding + (n + 1) * lineHeight - 7}" text-anchor="middle">${line}</text>`,
)}`;
  });
  const height = y - arrow + inset;
  return html`<svg class="chain" role="img" aria-label="${text}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${drawn}</svg>`;
}

function arrowTo(top: number): Html {
  const x = width / 2;
  return html`<path class="way" d="M${x} ${top - arrow + 3}V${top - 4}"/><path class="tip" d="M${x - 6} ${top - 11}L${x} ${top - 3}L${x + 6} ${top - 11}Z"/>`;
}

/** Cut between words; a word that is longer than a line is cut within. */
function linesOf(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text
    .split(/\s+/)
    .flatMap((each) => each.match(new RegExp(`.{1,${most}}`, 'gu')) ?? [])) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
