/** Releases, and one of them with what was sealed of it. */
import { html } from 'hono/html';
import type { z } from 'zod';
import type { Page } from '../../app/flow/cursor.ts';
import type { ReleaseView, releaseDetailView, SupplyView } from '../../app/flow/release-view.ts';
import { counted, number } from '../../policy/figures.ts';
import type { Html } from '../frame.ts';
import { briefly, deedForm, fact, facts, field, folded, further, table, when } from './parts.ts';

export const releasesBody = (home: string, releases: Page<ReleaseView>): Html =>
  html`${table(
    'Releases, the latest first',
    releases.items,
    [
      { head: 'Release', cell: ({ id }) => html`<a href="${home}/releases/${id}">${id}</a>` },
      { head: 'For', cell: ({ recipient }) => recipient },
      { head: 'People', cell: ({ rows }) => number(rows), number: true },
      { head: 'Released', cell: ({ releasedAt }) => briefly(releasedAt) },
    ],
    'Nothing was released yet.',
  )}
${further(`${home}/releases`, releases.next)}`;

export type ReleaseShown = {
  readonly home: string;
  readonly release: z.output<typeof releaseDetailView>;
  /** Whoever looks is of the party that a supply was sealed for. */
  readonly party: string | null;
  readonly mayReadEvidence: boolean;
  /** A link that was just made. */
  readonly made: { readonly supply: string; readonly code: string; readonly expiresAt: string } | null;
};

export function releaseBody(shown: ReleaseShown): Html {
  const { home, release, mayReadEvidence } = shown;
  return html`${facts([
    fact('For', release.recipient),
    fact('People', number(release.rows)),
    fact('Decided as of', when(release.cutOff)),
    fact('Released', when(release.releasedAt)),
    fact('Request', html`<a href="${home}/requests/${release.request}">${release.request}</a>`),
    fact('In the log', `entry number ${number(release.entry)}`),
    fact('Manifest', html`<code>${release.manifest}</code>`),
  ])}
${mayReadEvidence ? html`<p><a href="${home}/releases/${release.id}/evidence">The evidence, to decide all of it again</a></p>` : ''}
<h2>What was sealed</h2>
${release.supplies.length === 0 ? html`<p class="empty">The supply is being sealed.</p>` : release.supplies.map((supply) => supplyCard(supply, shown))}`;
}

function supplyCard(supply: SupplyView, { home, party, made }: ReleaseShown): Html {
  const own = party === supply.recipient;
  return html`<section class="card"><h3>For ${supply.recipient}</h3>
${facts([
  fact('Rows', counted(supply.rows, 'row')),
  fact('Size', `${number(supply.bytes)} bytes, encrypted to its key`),
  fact('SHA-256', html`<code>${supply.id}</code>`),
  fact('Root of the roster', html`<code>${supply.rosterRoot}</code>`),
  fact('Fetched', supply.fetchedAt === null ? 'not yet' : when(supply.fetchedAt)),
  fact('Countersigned', supply.countersignedAt === null ? 'not yet' : when(supply.countersignedAt)),
])}
${made !== null && made.supply === supply.id ? fetchForm(home, made) : ''}
${own ? deedForm({ action: `${home}/supplies/${supply.id}/downloads`, hidden: { release: supply.release }, button: supply.fetchedAt === null ? 'Make a link to fetch it' : 'Make another link' }) : ''}
${own && supply.countersignedAt === null ? countersignForm(home, supply) : ''}
</section>`;
}

const fetchForm = (home: string, made: NonNullable<ReleaseShown['made']>): Html =>
  html`<div class="notice good" role="status"><p>The link is good once, until ${when(made.expiresAt)}. A program gives its code to the API:</p>
<p class="secret">${made.code}</p>
${deedForm({ action: `${home}/downloads`, button: 'Fetch the supply now', hidden: { code: made.code } })}</div>`;

const countersignForm = (home: string, supply: SupplyView): Html =>
  folded(
    'Countersign: so many rows, of this roster',
    deedForm({
      action: `${home}/supplies/${supply.id}/countersignature`,
      button: 'Send the countersignature',
      hidden: { release: supply.release },
      body: field({
        id: 'note',
        label: 'The countersignature',
        rows: 10,
        help: 'The text of countersignature.note, which `astold receive` writes beside the list',
      }),
    }),
  );

export const evidenceBody = (
  home: string,
  release: string,
  files: readonly { readonly file: string; readonly bytes: number }[],
): Html =>
  html`<p>With these files in one folder, and the log's public key, <code>astold audit</code> decides every record again.</p>
${table(
  'Files',
  files,
  [
    {
      head: 'File',
      cell: ({ file }) =>
        html`<a href="${home}/releases/${release}/evidence/${file.split('/').map(encodeURIComponent).join('/')}">${file}</a>`,
    },
    { head: 'Bytes', cell: ({ bytes }) => number(bytes), number: true },
  ],
  'There are none.',
)}`;
