/** The lists that somebody can have a proof for, and a proof: what it says, its files, and how anybody checks it. */
import { html } from 'hono/html';
import type { MembershipProof } from '../../app/window/prove-membership.ts';
import type { Details } from '../../app/window/show-details.ts';
import { dayOf } from '../../policy/dates.ts';
import type { Words } from '../../words/words.ts';
import { table } from '../flow/parts.ts';
import type { Html } from '../frame.ts';

type DetailsWords = Words['details'];

export function proveBody(
  words: DetailsWords,
  shown: {
    readonly home: string;
    readonly lists: NonNullable<Details['provable']>;
    /** How many are offered at all. */
    readonly most: number;
    readonly many: boolean;
  },
): Html {
  const { home, lists, most, many } = shown;
  const said = words.prove;
  const link = (release: string, title: string, number: number): Html =>
    html`<a class="proof" href="${proofPath(home, release)}?record=${number}">${said.see}${many ? html` (${said.record(number)})` : ''}<span class="hidden">${said.seeOf(title)}</span></a> `;
  return html`<p class="lead">${said.lead}</p>
<p>${said.absent}</p>
<p>${said.token}</p>
${table(
  said.caption,
  lists,
  [
    { head: said.when, cell: ({ releasedAt }) => words.date(dayOf(Date.parse(releasedAt))) },
    {
      head: said.list,
      cell: ({ release, title }) =>
        title === null ? release : html`${title} <span class="soft">${release}</span>`,
    },
    {
      head: said.get,
      cell: ({ release, title, records }) =>
        html`${records.map((number) => link(release, title ?? release, number))}`,
    },
  ],
  said.none,
)}
${lists.length < most ? '' : html`<p>${said.only(most)}</p>`}
<p><a href="${home}">${words.release.back}</a></p>`;
}

const proofPath = (home: string, release: string): string => `${home}/prove/${encodeURIComponent(release)}`;

export function proofBody(
  words: DetailsWords,
  shown: {
    readonly home: string;
    readonly release: string;
    readonly record: number;
    readonly made: MembershipProof;
  },
): Html {
  const { home, release, record, made } = shown;
  const said = words.prove;
  const file = (name: string): string => `${proofPath(home, release)}/${name}?record=${record}`;
  const present = made.result === 'present';
  return html`<p class="lead">${present ? said.present : said.notAmong}</p>
${present ? '' : html`<p>${said.notAmongMore}</p>`}
${made.proof.log === null ? html`<p class="notice plain">${said.later}</p>` : ''}
<h2>${said.files}</h2>
<ul class="choices"><li><a href="${file('proof.json')}" download>${said.proofFile}</a></li>
<li><a href="${file('manifest.json')}" download>${said.manifestFile}</a></li></ul>
<p>${said.token}</p>
<p>${said.key}: <code>${made.logKey}</code></p>
<h2>${said.how}</h2>
<p>${said.howWords}</p>
<p><code>astold verify proof.json --manifest manifest.json --log-key ${made.logKey}</code></p>
<p><a href="/check">${said.check}</a></p>
<p><a href="${home}/prove">${said.back}</a></p>`;
}
