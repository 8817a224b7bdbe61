/** The page that sets up a second factor: until that is done, a session opens nothing else. */
import { html, raw } from 'hono/html';
import { renderSVG } from 'uqr';
import { type Html, type Notice, page } from './frame.ts';

export type NewFactor = {
  /** `otpauth:`, as an authenticator app reads it. */
  readonly uri: string;
  readonly spareCodes: readonly string[];
};

/** `factor` is shown once, right after it was made; null where only its code is asked for. */
export function setUpPage(shown: {
  readonly factor: NewFactor | null;
  readonly notice: Notice | null;
}): Html {
  const { factor, notice } = shown;
  return page({
    title: 'Set up a second factor',
    actor: null,
    narrow: true,
    notice,
    body: html`<p>A password alone opens nothing here. From now on an authenticator app on your telephone gives you a code
for each sign-in.</p>
${factor === null ? '' : steps(factor)}
<form method="post" action="/auth/staff/set-up">
<div class="field"><label for="code">Code the app shows</label>
<input id="code" name="code" class="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,8}" maxlength="8" required></div>
<p class="actions"><button>Finish</button></p>
</form>
${factor === null ? again() : ''}`,
  });
}

function steps({ uri, spareCodes }: NewFactor): Html {
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  return html`<h2>1. Scan this</h2>
<div class="qr" role="img" aria-label="The code for your authenticator app">${raw(renderSVG(uri, { border: 3 }))}</div>
<p class="soft">Or type this into the app:</p>
<p class="secret">${secret}</p>
<h2>2. Keep these spare codes</h2>
<p>Each works once, should your telephone be lost. They are shown only now.</p>
<ul class="codes card">${spareCodes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
<h2>3. Try it</h2>`;
}

function again(): Html {
  return html`<details><summary>Show the picture again</summary>
<p class="soft">It will be a new one; remove the old entry from the app.</p>
<form method="post" action="/auth/staff/set-up/again">
<div class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="128" required></div>
<p class="actions"><button class="plain">Show it</button></p>
</form></details>`;
}
