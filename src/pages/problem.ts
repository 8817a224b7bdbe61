/** What went wrong, as a page; and the list of all that can. */
import { html } from 'hono/html';
import { type Html, page } from './frame.ts';

export function problemPage(problem: {
  readonly title: string;
  readonly detail: string;
  /** The number of the request, by which whoever runs the service finds it. */
  readonly request: string;
}): Html {
  return page({
    title: problem.title,
    actor: null,
    narrow: true,
    body: html`<p>${sentence(problem.detail)}</p>
<p><small>Number of this request: <code>${problem.request}</code></small></p>
<p><a href="/">To the start</a></p>`,
  });
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
