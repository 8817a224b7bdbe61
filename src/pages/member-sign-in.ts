/** The pages by which a member signs in: asking for a link, and opening it. */
import { html } from 'hono/html';
import type { Words } from '../words/words.ts';
import { type Html, type Notice, pageIn } from './frame.ts';
import { withName } from './window/with-name.ts';

type Organisation = { readonly org: string; readonly name: string };

export function memberSignInPage(
  words: Words,
  shown: {
    readonly organisations: readonly Organisation[];
    /** The one that was asked for, where it is there. */
    readonly chosen: string | null;
    readonly notice: Notice | null;
    /** For how long no link goes to an address that changed: told to everybody, known or not. */
    readonly heldDays: number;
  },
): Html {
  const { organisations, chosen, notice, heldDays } = shown;
  const { ask } = words.signIn;
  return pageIn(words, {
    title: ask.title,
    actor: null,
    narrow: true,
    notice,
    body: html`<p>${ask.lead}</p>
<form method="post" action="/auth/members/sign-in">
<div class="field"><label for="org">${ask.organisation}</label>
<select id="org" name="org" required>
${chosen === null && organisations.length !== 1 ? html`<option value="">${ask.choose}</option>` : ''}
${organisations.map(({ org, name }) =>
  org === chosen
    ? html`<option value="${org}" selected>${name}</option>`
    : html`<option value="${org}">${name}</option>`,
)}
</select></div>
<div class="field"><label for="email">${ask.email}</label>
<input id="email" name="email" type="email" autocomplete="email" maxlength="254" required></div>
<p class="actions"><button>${ask.button}</button></p>
</form>
<p>${words.details.changed(heldDays)}</p>
<p class="soft">${ask.staff} <a href="/auth/staff/sign-in">${ask.staffLink}</a>.</p>`,
  });
}

/** What scans mail follows links: only the press of a button uses one up. */
export function arrivePage(
  words: Words,
  shown: { readonly org: string; readonly name: string; readonly token: string },
): Html {
  const { arrive } = words.signIn;
  return pageIn(words, {
    title: arrive.title(shown.name),
    heading: withName(arrive.title, shown.name),
    actor: null,
    narrow: true,
    body: html`<form method="post" action="/auth/members/arrive">
<input type="hidden" name="org" value="${shown.org}">
<input type="hidden" name="token" value="${shown.token}">
<p class="actions"><button>${arrive.button}</button></p>
</form>`,
  });
}
