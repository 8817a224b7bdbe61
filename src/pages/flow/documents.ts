/** The documents of an organisation, the agreements among them with a way to end one, and one document to read or change. */
import { html } from 'hono/html';
import type { Page } from '../../app/flow/cursor.ts';
import type { DocumentView } from '../../app/flow/document-view.ts';
import type { Html } from '../frame.ts';
import { briefly, deedForm, fact, facts, field, folded, further, table, when } from './parts.ts';

/** Each part of a path as it stands in an address. */
export const inAddress = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

export const documentsBody = (home: string, documents: Page<DocumentView>): Html =>
  html`${table(
    'Documents as they now stand',
    documents.items,
    [
      {
        head: 'Document',
        cell: ({ path }) => html`<a href="${home}/documents/${inAddress(path)}">${path}</a>`,
      },
      { head: 'Version', cell: ({ version }) => String(version), number: true },
      { head: 'Since', cell: ({ changedAt }) => briefly(changedAt) },
    ],
    'There are none.',
  )}
${further(`${home}/documents`, documents.next)}`;

export type DocumentShown = {
  readonly home: string;
  readonly document: DocumentView & { readonly text: string };
  /** As it was typed, where it was refused. */
  readonly typed: string | null;
  readonly faults: readonly string[];
  readonly mayChange: boolean;
  /** The id of an agreement that may be ended. */
  readonly agreement: string | null;
};

export function documentBody(shown: DocumentShown): Html {
  const { home, document, typed, faults, mayChange, agreement } = shown;
  const { path, version, digest, changedAt, text } = document;
  return html`${facts([
    fact('Version', String(version)),
    fact('Since', when(changedAt)),
    fact('SHA-256', html`<code>${digest}</code>`),
  ])}
${faults.length === 0 ? '' : html`<ul class="notice bad" role="alert">${faults.map((fault) => html`<li>${fault}</li>`)}</ul>`}
${
  mayChange
    ? deedForm({
        action: `${home}/documents/${inAddress(path)}`,
        button: 'Keep as the next version',
        hidden: { version: String(version) },
        body: field({ id: 'text', label: path, rows: 28, value: typed ?? text }),
      })
    : html`<pre class="text">${text}</pre>`
}
${
  agreement === null
    ? ''
    : folded(
        'End this agreement before its time',
        deedForm({
          action: `${home}/agreements/${encodeURIComponent(agreement)}/end`,
          button: 'End the agreement',
          look: 'danger',
          body: html`<p>Its requests stop, and whoever holds data under it owes their deletion.</p>${field({ id: 'words', label: 'Why', rows: 3 })}`,
        }),
      )
}`;
}
