/** The page for somebody who has roles in more organisations than one, or in none. */
import { html } from 'hono/html';
import type { Actor } from '../app/flow/service.ts';
import { type Html, page } from './frame.ts';

export function chooseOrganisationPage(shown: {
  readonly actor: Actor;
  readonly organisations: readonly { readonly href: string; readonly name: string }[];
}): Html {
  return page({
    title: 'Organisations',
    actor: shown.actor,
    narrow: true,
    body:
      shown.organisations.length === 0
        ? html`<p class="empty">You have a role in none. Whoever invited you can give you one.</p>`
        : html`<ul class="choices">${shown.organisations.map(
            ({ href, name }) => html`<li><a href="${href}">${name}</a></li>`,
          )}</ul>`,
  });
}
