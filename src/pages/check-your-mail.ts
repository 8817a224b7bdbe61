/** The page after a link was asked for: the same whether or not one was sent. */
import { html } from 'hono/html';
import type { Words } from '../words/words.ts';
import { type Html, pageIn } from './frame.ts';

export function checkYourMailPage(
  words: Words,
  shown: { readonly minutes: number; readonly again: string },
): Html {
  const { sent } = words.signIn;
  return pageIn(words, {
    title: sent.title,
    actor: null,
    narrow: true,
    body: html`<p class="lead">${sent.lead(shown.minutes)}</p>
<p>${sent.nothing}
<a href="${shown.again}">${sent.again}</a>.</p>`,
  });
}
