/** The page after signing out. */
import { html } from 'hono/html';
import { type Html, page } from './frame.ts';

export function signedOutPage(): Html {
  return page({
    title: 'You are signed out',
    actor: null,
    narrow: true,
    body: html`<p class="actions"><a class="button" href="/auth/staff/sign-in">Sign in as staff</a>
<a href="/auth/members/sign-in">Sign in as a member</a></p>`,
  });
}
