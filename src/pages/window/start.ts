/** The first page of the server: where each of those goes who come here. */
import { html } from 'hono/html';
import type { Words } from '../../words/words.ts';
import { type Html, pageIn } from '../frame.ts';

export function startPage(words: Words): Html {
  const { start } = words.letter;
  const way = (href: string, { title, help }: { readonly title: string; readonly help: string }): Html =>
    html`<li><a href="${href}">${title}<span class="help">${help}</span></a></li>`;
  return pageIn(words, {
    title: start.title,
    actor: null,
    narrow: true,
    body: html`<p class="lead">${start.lead}</p>
<ul class="choices">
${way('/letter', start.letter)}
${way('/auth/members/sign-in', start.details)}
${way('/check', start.check)}
</ul>
<p class="soft">${start.staff} <a href="/auth/staff/sign-in">${start.signIn}</a>.</p>`,
  });
}
