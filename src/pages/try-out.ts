/** The page behind a one-time link of the try-out database. */
import { html } from 'hono/html';
import { type Html, page } from './frame.ts';

export function tryOutPage(shown: { readonly action: string; readonly token: string }): Html {
  return page({
    title: 'Try it out',
    actor: null,
    narrow: true,
    body: html`<p class="mark">This is for trying out: the link stands in for a password and a second factor.
There is no such link where the service runs on a database of its own.</p>
<form method="post" action="${shown.action}">
<input type="hidden" name="token" value="${shown.token}">
<p class="actions"><button>Sign in</button></p>
</form>`,
  });
}
