/** The pages by which a member signs in: asking for a link, and opening it. */
import { html } from 'hono/html';
import { type Html, type Notice, page } from './frame.ts';

type Organisation = { readonly org: string; readonly name: string };

export function memberSignInPage(shown: {
  readonly organisations: readonly Organisation[];
  /** The one that was asked for, where it is there. */
  readonly chosen: string | null;
  readonly notice: Notice | null;
  /** Told to everybody, known or not. */
  readonly changed: string;
}): Html {
  const { organisations, chosen, notice, changed } = shown;
  return page({
    title: 'See what is held about you',
    actor: null,
    narrow: true,
    notice,
    body: html`<p>Give the e-mail address that the organisation has of you. If it has it, a link comes by mail.</p>
<form method="post" action="/auth/members/sign-in">
<div class="field"><label for="org">Organisation</label>
<select id="org" name="org" required>
${chosen === null && organisations.length !== 1 ? html`<option value="">Choose</option>` : ''}
${organisations.map(({ org, name }) =>
  org === chosen
    ? html`<option value="${org}" selected>${name}</option>`
    : html`<option value="${org}">${name}</option>`,
)}
</select></div>
<div class="field"><label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="email" maxlength="254" required></div>
<p class="actions"><button>Send me a link</button></p>
</form>
<p>${changed}</p>
<p class="soft">Do you work here? <a href="/auth/staff/sign-in">Sign in as staff</a>.</p>`,
  });
}

/** What scans mail follows links: only the press of a button uses one up. */
export function arrivePage(shown: {
  readonly org: string;
  readonly name: string;
  readonly token: string;
}): Html {
  return page({
    title: `Sign in to ${shown.name}`,
    actor: null,
    narrow: true,
    body: html`<form method="post" action="/auth/members/arrive">
<input type="hidden" name="org" value="${shown.org}">
<input type="hidden" name="token" value="${shown.token}">
<p class="actions"><button>Sign in</button></p>
</form>`,
  });
}
