/** The page of a link that does not hold, whyever. */
import { html } from 'hono/html';
import type { Words } from '../words/words.ts';
import { type Html, pageIn } from './frame.ts';

export function linkOverPage(
  words: Words,
  shown: { readonly what: string; readonly again: { readonly href: string; readonly text: string } },
): Html {
  const { over } = words.signIn;
  return pageIn(words, {
    title: over.title,
    actor: null,
    narrow: true,
    body: html`<p class="lead">${shown.what}</p>
<p>${over.help}</p>
<p class="actions"><a class="button" href="${shown.again.href}">${shown.again.text}</a></p>`,
  });
}
