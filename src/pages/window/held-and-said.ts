/** What is held of somebody and where it came from; and what they said. */
import { html } from 'hono/html';
import type { Held, HeldField } from '../../app/window/fields-held.ts';
import type { Said, SaidItem } from '../../app/window/said-of.ts';
import type { Words } from '../../words/words.ts';
import { table } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import { withName } from './with-name.ts';

type DetailsWords = Words['details'];

export function heldBody(words: DetailsWords, home: string, { records }: Held): Html {
  const said = words.held;
  const value = ({ value: held, hidden }: HeldField): string => {
    if (hidden) return said.hidden;
    if (held === null || held === '') return said.nothing;
    if (typeof held === 'boolean') return held ? said.yes : said.no;
    return typeof held === 'string' ? words.date(held) : String(held);
  };
  return html`${records.map(
    ({ number, fields }) => html`${records.length > 1 ? html`<h2>${words.whose.number(number)}</h2>` : ''}
${table(
  said.caption,
  fields,
  [
    {
      head: said.what,
      cell: (each) =>
        html`${words.data(each)} <span class="soft">(${each.field.replaceAll('_', ' ')})</span>`,
    },
    { head: said.value, cell: value },
    { head: said.from, cell: (each) => originOf(words, each) },
  ],
  said.nothing,
)}`,
  )}
<h2>${said.wrong}</h2>
<p><a href="${home}/say">${said.say}</a></p>
<p><a href="${home}">${words.release.back}</a></p>`;
}

const originOf = ({ held }: DetailsWords, { origin, by, on }: HeldField): Html | string =>
  origin === null || origin === 'own'
    ? held.origin(origin, by, on)
    : withName((name) => held.origin(name, by, on), origin);

const scopeOf = ({ said }: DetailsWords, scope: SaidItem['scope']): Html | string =>
  scope.organisation === null
    ? said.scope(scope)
    : withName((organisation) => said.scope({ ...scope, organisation }), scope.organisation);

export function saidBody(words: DetailsWords, home: string, { items }: Said): Html {
  const said = words.said;
  const receipt = ({ where, event, kind, at }: SaidItem): Html | string => {
    if (where === 'file') return said.file;
    if (where === 'record' || event === null) return said.record;
    return html`<a href="${home}/receipts/${event}">${said.see}<span class="hidden">${said.seeOf(said.kind(kind), at)}</span></a>`;
  };
  return html`${table(
    said.caption,
    items,
    [
      {
        head: said.when,
        cell: ({ at, by }) =>
          html`${at === null ? '' : words.moment(at)}${by === null ? '' : html` <span class="soft">${said.by(by)}</span>`}`,
      },
      { head: said.what, cell: ({ kind }) => said.kind(kind) },
      {
        head: said.of,
        cell: ({ scope, wording }) => (wording === null ? scopeOf(words, scope) : said.quoted(wording)),
      },
      { head: said.receipt, cell: receipt },
    ],
    said.none,
  )}
<p><a href="${home}/cases">${said.cases}</a></p>
<p><a href="${home}">${words.release.back}</a></p>`;
}
