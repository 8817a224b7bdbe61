/** In place of what a form of a member would have done: they were signed out meanwhile. What they typed is shown again. */
import { html } from 'hono/html';
import type { Words } from '../words/words.ts';
import { type Html, pageIn } from './frame.ts';

export function notSentPage(
  words: Words,
  { signIn, typed }: { readonly signIn: string; readonly typed: readonly string[] },
): Html {
  const { lost } = words.signIn;
  return pageIn(words, {
    title: lost.title,
    actor: null,
    faulty: true,
    narrow: true,
    body: html`<p class="notice bad" role="alert">${lost.unsent}</p>
<p>${lost.why}</p>
<p class="actions"><a class="button" href="${signIn}">${lost.again}</a></p>
${typed.length === 0 ? '' : html`<section class="card"><p>${words.details.none.typed}</p>${typed.map((text) => html`<p class="typed">${text}</p>`)}</section>`}`,
  });
}
