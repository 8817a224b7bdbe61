/** The page after signing out. */
import { html } from 'hono/html';
import type { Words } from '../words/words.ts';
import { type Html, pageIn } from './frame.ts';

export function signedOutPage(words: Words): Html {
  const { out } = words.signIn;
  return pageIn(words, {
    title: out.title,
    actor: null,
    narrow: true,
    body: html`<p class="actions"><a class="button" href="/auth/staff/sign-in">${out.staff}</a>
<a href="/auth/members/sign-in">${out.member}</a></p>`,
  });
}
