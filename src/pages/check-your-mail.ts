/** The page after a link was asked for: the same whether or not one was sent. */
import { html } from 'hono/html';
import { type Html, page } from './frame.ts';

export function checkYourMailPage(shown: { readonly minutes: number; readonly again: string }): Html {
  return page({
    title: 'Look into your mail',
    actor: null,
    narrow: true,
    body: html`<p class="lead">If the address is known, a link is on its way to it. It works for ${shown.minutes} minutes, and once.</p>
<p>Nothing came? Look among the unwanted mail, and whether it was the address that is on record.
<a href="${shown.again}">Ask again</a>.</p>`,
  });
}
