/** What went wrong, as a page; and the list of all that can. */
import { html } from 'hono/html';
import { english } from '../words/words.ts';
import { type Html, page } from './frame.ts';

/** Whoever reads it: `home` of staff is null where nothing says which of their organisations they came for. */
export type Reader =
  | { readonly kind: 'member'; readonly home: string }
  | { readonly kind: 'staff'; readonly home: string | null }
  | { readonly kind: 'nobody' };

export function problemPage(problem: {
  readonly title: string;
  readonly detail: string;
  /** The number of the request, by which whoever runs the service finds it. */
  readonly request: string;
  readonly reader: Reader;
}): Html {
  return page({
    title: problem.title,
    actor: null,
    narrow: true,
    body: html`<p>${sentence(problem.detail)}</p>
<p><small>Number of this request: <code>${problem.request}</code></small></p>
${waysOn(problem.reader)}`,
  });
}

function waysOn(reader: Reader): Html {
  const { places, organisations } = english.frame;
  if (reader.kind === 'member') return html`<p><a href="${reader.home}">${places.own}</a></p>`;
  if (reader.kind === 'staff')
    return html`<p><a href="${reader.home ?? '/organisations'}">${reader.home === null ? organisations : places.inbox}</a></p>`;
  const { start } = english.letter;
  return html`<ul class="choices">
<li><a href="/letter">${start.letter.title}<span class="help">${start.letter.help}</span></a></li>
<li><a href="/auth/members/sign-in">${start.details.title}<span class="help">${start.details.help}</span></a></li>
</ul>
<p class="soft">${start.staff} <a href="/auth/staff/sign-in">${start.signIn}</a>.</p>`;
}

export type ProblemKind = { readonly code: string; readonly status: number; readonly title: string };

export function problemsPage(kinds: readonly ProblemKind[]): Html {
  const [one, ...more] = kinds;
  return page({
    title: one !== undefined && more.length === 0 ? one.title : 'Problems',
    actor: null,
    body: html`<p>What cannot be done is answered as <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a> says, with one of
these codes. Codes stay; words may change.</p>
<table>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">What it means</th></tr></thead>
<tbody>${kinds.map(row)}</tbody>
</table>
<p><a href="/api">The API</a>${more.length === 0 ? html` · <a href="/problems">All codes</a>` : ''}</p>`,
  });
}

const row = ({ code, status, title }: ProblemKind): Html =>
  html`<tr id="${code}"><td><a href="/problems/${code}"><code>${code}</code></a></td><td>${status}</td><td>${title}</td></tr>`;

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
