/** The page that asks for the second factor. */
import { html } from 'hono/html';
import { type Html, type Notice, page } from './frame.ts';
import { wayField } from './way-field.ts';

export function secondFactorPage(shown: {
  readonly notice: Notice | null;
  /** Where they were going. */
  readonly to: string | null;
}): Html {
  return page({
    title: 'Your second factor',
    actor: null,
    narrow: true,
    notice: shown.notice,
    body: html`<form method="post" action="/auth/staff/second-factor">${wayField(shown.to)}
<div class="field"><label for="code">Code</label>
<input id="code" name="code" class="code" inputmode="text" autocomplete="one-time-code" maxlength="20" required autofocus
 aria-describedby="code-help">
<p class="help" id="code-help">The six figures your authenticator app shows, or one of your spare codes.</p></div>
<p class="actions"><button>Sign in</button> <a href="/auth/staff/sign-in">Start again</a></p>
</form>`,
  });
}
