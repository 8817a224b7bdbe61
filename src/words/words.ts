/** Every word of the members' window, the desk and what is passed on, in one place: another language is another of these. */
import { parseAccept } from 'hono/utils/accept';
import { cases } from './english/cases.ts';
import { copy } from './english/copy.ts';
import { desk } from './english/desk.ts';
import { details } from './english/details.ts';
import { frame } from './english/frame.ts';
import { letter } from './english/letter.ts';
import { mail } from './english/mail.ts';
import { passedOn } from './english/passed-on.ts';
import { problem } from './english/problem.ts';
import { signIn } from './english/sign-in.ts';

const said = {
  language: 'en',
  frame,
  signIn,
  letter,
  details,
  cases,
  desk,
  passedOn,
  problem,
  copy,
  mail,
} as const;

/** The shape alone: what is text in English may be any text. */
type InOtherWords<T> = T extends string
  ? string
  : T extends (...given: infer G) => infer R
    ? (...given: G) => InOtherWords<R>
    : { readonly [K in keyof T]: InOtherWords<T[K]> };

/** What a language has to say: the compiler asks for each. `language` is its tag (BCP 47, in small letters). */
export type Words = InOtherWords<typeof said>;

/** What is said where nobody said in which language, and on the pages that are in English alone. */
export const english: Words = said;

/** By their tags. Another language is added here, and nowhere else. */
export const languages: Map<string, Words> = new Map([english].map((words) => [words.language, words]));

/** Of the languages somebody reads (`Accept-Language`, RFC 9110) the one they like best that is here; else English. */
export function wordsFor(accepted: string | null): Words {
  for (const { type, q } of parseAccept(accepted ?? '')) {
    const found = q > 0 ? closest(type.toLowerCase()) : undefined;
    if (found !== undefined) return found;
  }
  return english;
}

/** `cy-GB` is answered in `cy` (RFC 4647, lookup). */
function closest(tag: string): Words | undefined {
  for (let part = tag; part !== ''; part = part.slice(0, Math.max(part.lastIndexOf('-'), 0))) {
    const found = languages.get(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
