/** The page where staff sign in, and the one where they ask for a new password. */
import { html } from 'hono/html';
import { type Html, type Notice, page } from './frame.ts';
import { wayField } from './way-field.ts';

export function signInPage(shown: {
  readonly notice: Notice | null;
  readonly email: string;
  /** Where they were going. */
  readonly to: string | null;
}): Html {
  return page({
    title: 'Sign in',
    actor: null,
    narrow: true,
    notice: shown.notice,
    body: html`<form method="post" action="/auth/staff/sign-in">${wayField(shown.to)}
<div class="field"><label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" maxlength="254" required value="${shown.email}"></div>
<div class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="128" required></div>
<p class="actions"><button>Continue</button> <a href="/auth/staff/forgotten">Password forgotten?</a></p>
</form>
<p class="soft">This is for those who work for an organisation, receive from it, or audit it.
Are you one of the people it holds records of? <a href="/auth/members/sign-in">Sign in as a member</a>.</p>`,
  });
}

export function forgottenPage(shown: { readonly notice: Notice | null }): Html {
  return page({
    title: 'Password forgotten',
    actor: null,
    narrow: true,
    notice: shown.notice,
    body: html`<form method="post" action="/auth/staff/forgotten">
<div class="field"><label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" maxlength="254" required></div>
<p class="actions"><button>Send a link</button> <a href="/auth/staff/sign-in">Back</a></p>
</form>
<p class="soft">Your second factor stays as it is: you will be asked for it as ever.</p>`,
  });
}
