/** The page of one's own sessions. */
import { html } from 'hono/html';
import type { Actor } from '../app/flow/service.ts';
import { instant } from '../policy/figures.ts';
import { type Html, type Notice, page } from './frame.ts';

export type ShownSession = {
  readonly id: string;
  readonly here: boolean;
  readonly began: Date;
  readonly seen: Date;
  readonly browser: string;
};

export function sessionsPage(shown: {
  readonly actor: Actor;
  readonly sessions: readonly ShownSession[];
  readonly notice: Notice | null;
}): Html {
  return page({
    title: 'Where you are signed in',
    actor: shown.actor,
    notice: shown.notice,
    body: html`<p>A session ends after 12 hours, and after an hour in which nobody used it.</p>
<ul class="plain">${shown.sessions.map(row)}</ul>`,
  });
}

const row = ({ id, here, began, seen, browser }: ShownSession): Html => html`<li class="card">
<p>${browser === '' ? 'A browser that does not say its name' : browser}${here ? html` <span class="tag good">this one</span>` : ''}</p>
<p class="soft">Began ${instant(began.getTime())}, last used ${instant(seen.getTime())}.</p>
<form method="post" action="/auth/staff/sessions/end"><input type="hidden" name="session" value="${id}">
<button class="quiet">End it</button></form>
</li>`;
