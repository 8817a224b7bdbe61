/** The pages by which a member signs in: asking for a link, and opening it. */
import { html } from 'hono/html';
import type { Words } from '../words/words.ts';
import { type Html, pageIn } from './frame.ts';
import { wayField } from './way-field.ts';
import { askText, type FormFault, faultSummary } from './window/form-parts.ts';
import { withName } from './window/with-name.ts';

type Organisation = { readonly org: string; readonly name: string };

export function memberSignInPage(
  words: Words,
  shown: {
    readonly organisations: readonly Organisation[];
    /** The one that was asked for, where it is there. */
    readonly chosen: string | null;
    /** Where they were going. */
    readonly to: string | null;
    /** As it was typed. */
    readonly email: string;
    readonly faults: readonly FormFault[];
    /** For how long no link goes to an address that changed: told to everybody, known or not. */
    readonly heldDays: number;
  },
): Html {
  const { to, email, faults, heldDays } = shown;
  const { ask } = words.signIn;
  return pageIn(words, {
    title: ask.title,
    faulty: faults.length > 0,
    actor: null,
    narrow: true,
    body: html`${faultSummary(ask.problem, faults)}
<p>${ask.lead}</p>
<form method="post" action="/auth/members/sign-in" novalidate>${wayField(to)}
${organisationField(words, shown)}
${askText({ id: 'email', label: ask.email, value: email, most: 254, email: true }, faults)}
<p class="actions"><button>${ask.button}</button></p>
</form>
<p>${words.details.changed(heldDays)}</p>
<p class="soft">${ask.staff} <a href="/auth/staff/sign-in">${ask.staffLink}</a>.</p>`,
  });
}

function organisationField(
  { signIn: { ask } }: Words,
  {
    organisations,
    chosen,
    faults,
  }: {
    readonly organisations: readonly Organisation[];
    readonly chosen: string | null;
    readonly faults: readonly FormFault[];
  },
): Html {
  const fault = faults.find(({ field }) => field === 'org');
  return html`<div class="field"><label for="org">${ask.organisation}</label>
${fault === undefined ? '' : html`<p class="fault" id="org-fault">${fault.text}</p>`}<select id="org" name="org" required${fault === undefined ? '' : html` aria-describedby="org-fault" aria-invalid="true"`}>
${chosen === null && organisations.length !== 1 ? html`<option value="">${ask.choose}</option>` : ''}
${organisations.map(({ org, name }) =>
  org === chosen
    ? html`<option value="${org}" selected>${name}</option>`
    : html`<option value="${org}">${name}</option>`,
)}
</select></div>`;
}

/** What scans mail follows links: only the press of a button uses one up. */
export function arrivePage(
  words: Words,
  shown: {
    readonly org: string;
    readonly name: string;
    readonly token: string;
    readonly to: string | null;
  },
): Html {
  const { arrive } = words.signIn;
  return pageIn(words, {
    title: arrive.title(shown.name),
    heading: withName(arrive.title, shown.name),
    actor: null,
    narrow: true,
    body: html`<form method="post" action="/auth/members/arrive">
<input type="hidden" name="org" value="${shown.org}">
<input type="hidden" name="token" value="${shown.token}">${wayField(shown.to)}
<p class="actions"><button>${arrive.button}</button></p>
</form>`,
  });
}
