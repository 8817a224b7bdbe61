/** What waits for somebody, by what they may do; then how things stand. */
import { html } from 'hono/html';
import type { DutyView } from '../../app/flow/list-duties.ts';
import type { ReleaseView } from '../../app/flow/release-view.ts';
import type { RequestView } from '../../app/flow/request-view.ts';
import { counted, number } from '../../policy/figures.ts';
import type { CivilDate } from '../../policy/model.ts';
import { english } from '../../words/words.ts';
import type { Html } from '../frame.ts';
import { dutyTable } from './duties.ts';
import { briefly, table } from './parts.ts';
import { requestTable } from './requests.ts';

const { inbox } = english.desk;

/** Things of one kind that wait: how many, and where they are. */
export type Waits = {
  readonly what: string;
  readonly path: string;
  readonly number: string;
  /** By which the first is to be done; null where no day is set. */
  readonly first: CivilDate | null;
  readonly overdue: boolean;
};

export type Inbox = {
  readonly home: string;
  /** Each list of requests that waits for this person, with what is to be done. */
  readonly waiting: readonly { readonly what: string; readonly requests: readonly RequestView[] }[];
  /** Of people: what they said and asked for. */
  readonly ofPeople: readonly Waits[];
  /** Released for their party, and not fetched yet. */
  readonly toFetch: readonly ReleaseView[] | null;
  readonly duties: readonly DutyView[];
  readonly dutiesAre: 'owed-by-us' | 'owed-to-us';
  readonly frozen: number;
};

export function inboxBody(shown: Inbox): Html {
  const { home, waiting, ofPeople, toFetch, duties, dutiesAre, frozen } = shown;
  const some = waiting.filter(({ requests }) => requests.length > 0);
  const nothing =
    some.length === 0 && ofPeople.length === 0 && (toFetch ?? []).length === 0 && duties.length === 0;
  return html`${frozen === 0 ? '' : html`<p class="notice bad">${counted(frozen, 'freeze stands', 'freezes stand')}: <a href="${home}/freezes">see them</a></p>`}
${nothing ? html`<p class="empty">Nothing waits for you.</p>` : ''}
${ofPeople.length === 0 ? '' : waitsTable(home, ofPeople)}
${some.map(({ what, requests }) => requestTable(home, what, requests, ''))}
${toFetch === null || toFetch.length === 0 ? '' : fetchTable(home, toFetch)}
${
  duties.length === 0
    ? ''
    : dutyTable(home, dutiesAre === 'owed-by-us' ? 'What you owe' : 'What recipients owe', duties, '')
}`;
}

/** What is overdue first, then by their days. */
const waitsTable = (home: string, waits: readonly Waits[]): Html =>
  table(
    inbox.caption,
    [...waits].sort((a, b) => Number(b.overdue) - Number(a.overdue) || (dayIn(a) < dayIn(b) ? -1 : 1)),
    [
      { head: inbox.what, cell: ({ what, path }) => html`<a href="${home}${path}">${what}</a>` },
      { head: inbox.number, cell: ({ number }) => number, number: true },
      {
        head: inbox.first,
        cell: ({ first, overdue }) =>
          first === null
            ? inbox.noDay
            : overdue
              ? html`<span class="tag bad">${inbox.overdue(first)}</span>`
              : inbox.by(first),
      },
    ],
    '',
  );
const dayIn = ({ first }: Waits): string => first ?? '9999';

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
