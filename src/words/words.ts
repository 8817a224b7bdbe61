/** Every word of the members' window, the desk and what is passed on, in one place: another language is another of these. */
import { cases } from './english/cases.ts';
import { desk } from './english/desk.ts';
import { details } from './english/details.ts';
import { letter } from './english/letter.ts';
import { passedOn } from './english/passed-on.ts';

const english = { language: 'en', letter, details, cases, desk, passedOn };

/** What another language has to say as well: the compiler asks for each. */
export type Words = typeof english;

const languages: Readonly<Record<string, Words>> = { en: english };

/** Of the languages somebody reads (`Accept-Language`) the first that is here; else English. */
export function wordsFor(accepted: string | null): Words {
  const tags = (accepted ?? '').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase() ?? '');
  for (const tag of tags) {
    const found = Object.hasOwn(languages, tag.split('-')[0] ?? '')
      ? languages[tag.split('-')[0] ?? '']
      : undefined;
    if (found !== undefined) return found;
  }
  return english;
}
