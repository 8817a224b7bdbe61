/** The page of too many tries. */
import type { Words } from '../words/words.ts';
import { type Html, noticeOf, pageIn } from './frame.ts';

export function tooManyPage(words: Words, minutes: number): Html {
  const { wait } = words.signIn;
  const body = noticeOf({ kind: 'bad', text: wait.text(minutes) });
  return pageIn(words, { title: wait.title, actor: null, narrow: true, body });
}
