/** The page a mailed link opens: a first password, or a new one. */
import { html } from 'hono/html';
import { type Html, type Notice, page } from './frame.ts';

export function setPasswordPage(shown: {
  readonly token: string;
  readonly shortest: number;
  readonly notice: Notice | null;
}): Html {
  const { token, shortest, notice } = shown;
  return page({
    title: 'Set your password',
    actor: null,
    narrow: true,
    notice,
    body: html`<form method="post" action="/auth/staff/set-password">
<input type="hidden" name="token" value="${token}">
<div class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="${shortest}" maxlength="128" required
 aria-describedby="password-help">
<p class="help" id="password-help">At least ${shortest} characters. Four words that do not belong together are good.</p></div>
<div class="field"><label for="again">The same again</label>
<input id="again" name="again" type="password" autocomplete="new-password" maxlength="128" required></div>
<p class="actions"><button>Set it</button></p>
</form>
<p class="soft">Wherever you are signed in now, you will be signed out.</p>`,
  });
}
