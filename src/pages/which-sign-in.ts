/** At a page that is a member's and staff's, to whoever is signed in as neither: both ways in, each of which leads back to it. */
import { html } from 'hono/html';
import type { Words } from '../words/words.ts';
import { type Html, pageIn } from './frame.ts';

export function whichSignInPage(
  words: Words,
  { member, staff }: { readonly member: string; readonly staff: string },
): Html {
  const { which } = words.signIn;
  const { start } = words.letter;
  return pageIn(words, {
    title: which.title,
    actor: null,
    narrow: true,
    body: html`<p>${which.lead}</p>
<ul class="choices">
<li><a href="${member}">${start.details.title}<span class="help">${which.member}</span></a></li>
<li><a href="${staff}">${which.staff}<span class="help">${which.staffHelp}</span></a></li>
</ul>`,
  });
}
