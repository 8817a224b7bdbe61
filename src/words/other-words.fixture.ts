/** A language that shows where it was spoken: each text of it is between ⟦ and ⟧. For tests of what is said outside `words`. */
import { english, languages, type Words } from './words.ts';

/** Of those that nobody is given (ISO 639-2). */
export const otherTag = 'qaa';
export const [open, shut] = ['⟦', '⟧'];

const otherWords = { ...(marked(english) as Words), language: otherTag };

/** As another language is added. Gives how it is taken out again: the tests of a worker share their modules. */
export function addOtherWords(): () => void {
  languages.set(otherTag, otherWords);
  return () => languages.delete(otherTag);
}

function marked(said: unknown): unknown {
  if (typeof said === 'string') return `${open}${said}${shut}`;
  if (typeof said === 'function') return (...given: readonly unknown[]) => marked(said(...given));
  if (Array.isArray(said)) return said.map(marked);
  if (typeof said !== 'object' || said === null) return said;
  return Object.fromEntries(Object.entries(said).map(([name, each]) => [name, marked(each)]));
}

/** What quotes: words of a notice, of a person, of a program, or a name. */
const quoting = new Set(['bdi', 'code', 'blockquote', 'q', 'textarea']);
const empty = new Set(['meta', 'link', 'input', 'br', 'rect', 'path']);
const spoken = /\s(?:aria-label|title|placeholder|alt|data-head)="([^"]*)"/g;

/** The texts of a page, and of its attributes that are read out, that are in no other words and quote nothing. */
export function unmarkedIn(page: string): readonly string[] {
  const found: string[] = [];
  /** Of each element that is open, whether what is in it is quoted. */
  const quoted: boolean[] = [];
  let depth = 0;
  for (const piece of page.split(/(<[^>]*>)/)) {
    const [, end, name = ''] = /^<(\/?)([a-z0-9]+)/i.exec(piece) ?? [];
    if (name === '') {
      if (piece.startsWith('<')) continue;
      const rest = outside(piece, depth);
      depth = rest.depth;
      if (quoted.at(-1) !== true) found.push(...rest.texts);
    } else if (end === '/') quoted.pop();
    else {
      for (const [, text = ''] of piece.matchAll(spoken)) found.push(...outside(text, 0).texts);
      const quotes =
        quoting.has(name) || /\sclass="typed"/.test(piece) || (name !== 'html' && /\slang="/.test(piece));
      if (!empty.has(name) && !piece.endsWith('/>')) quoted.push(quotes || quoted.at(-1) === true);
    }
  }
  return found.map((text) => text.trim()).filter((text) => /\p{L}/u.test(text));
}

function outside(text: string, from: number): { readonly texts: readonly string[]; readonly depth: number } {
  let depth = from;
  const texts = text.split(/([⟦⟧])/).filter((piece) => {
    if (piece === open) depth += 1;
    else if (piece === shut) depth -= 1;
    else return depth === 0;
    return false;
  });
  return { texts, depth };
}
