/** What waits for somebody, by what they may do; then how things stand. */
import { html } from 'hono/html';
import type { DutyView } from '../../app/flow/list-duties.ts';
import type { ReleaseView } from '../../app/flow/release-view.ts';
import type { RequestView } from '../../app/flow/request-view.ts';
import { counted, number } from '../../policy/figures.ts';
import type { Html } from '../frame.ts';
import { dutyTable } from './duties.ts';
import { briefly, table } from './parts.ts';
import { requestTable } from './requests.ts';

export type Inbox = {
  readonly home: string;
  /** Each list of requests that waits for this person, with what is to be done. */
  readonly waiting: readonly { readonly what: string; readonly requests: readonly RequestView[] }[];
  /** Released for their party, and not fetched yet. */
  readonly toFetch: readonly ReleaseView[] | null;
  readonly duties: readonly DutyView[];
  readonly dutiesAre: 'owed-by-us' | 'owed-to-us';
  readonly frozen: number;
};

export function inboxBody(inbox: Inbox): Html {
  const { home, waiting, toFetch, duties, dutiesAre, frozen } = inbox;
  const some = waiting.filter(({ requests }) => requests.length > 0);
  const nothing = some.length === 0 && (toFetch ?? []).length === 0 && duties.length === 0;
  return html`${frozen === 0 ? '' : html`<p class="notice bad">${counted(frozen, 'freeze stands', 'freezes stand')}: <a href="${home}/freezes">see them</a></p>`}
${nothing ? html`<p class="empty">Nothing waits for you.</p>` : ''}
${some.map(({ what, requests }) => requestTable(home, what, requests, ''))}
${toFetch === null || toFetch.length === 0 ? '' : fetchTable(home, toFetch)}
${
  duties.length === 0
    ? ''
    : dutyTable(home, dutiesAre === 'owed-by-us' ? 'What you owe' : 'What recipients owe', duties, '')
}`;
}

const fetchTable = (home: string, releases: readonly ReleaseView[]): Html =>
  table(
    'To be fetched',
    releases,
    [
      { head: 'Release', cell: ({ id }) => html`<a href="${home}/releases/${id}">${id}</a>` },
      { head: 'People', cell: ({ rows }) => number(rows), number: true },
      { head: 'Released', cell: ({ releasedAt }) => briefly(releasedAt) },
    ],
    '',
  );
