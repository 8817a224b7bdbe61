/** What is held of somebody and where it came from; and what they said. */
import { html } from 'hono/html';
import type { Held, HeldField } from '../../app/window/fields-held.ts';
import { isYesOrNo, yesOrNo } from '../../app/window/named-field.ts';
import type { Said, SaidItem } from '../../app/window/said-of.ts';
import type { Words } from '../../words/words.ts';
import { table } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import { type Whose, whoseOf } from './whose.ts';
import { withName } from './with-name.ts';

type DetailsWords = Words['details'];

export function heldBody(words: DetailsWords, home: string, { records }: Held): Html {
  const said = words.held;
  const value = ({ value: held, hidden, as }: HeldField): string => {
    if (hidden) return said.hidden;
    if (held === null || held === '') return said.nothing;
    const flag = typeof held === 'string' && isYesOrNo(as) ? yesOrNo(held) : held;
    if (typeof flag === 'boolean') return flag ? said.yes : said.no;
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
      cell: (each) => words.capital(words.detail(each)),
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

/** What was said, with the name in it held apart. */
export function aboutText({ said }: DetailsWords, item: SaidItem): Html | string {
  const { scope } = item;
  return scope === null || scope.organisation === null
    ? said.about(item)
    : withName(
        (organisation) => said.about({ ...item, scope: { ...scope, organisation } }),
        scope.organisation,
      );
}

/** The same in one line: what kind it is, of what, and whose where it may be another's. */
export function saidText(words: DetailsWords, item: SaidItem, records: readonly Whose[]): Html {
  const whose = whoseOf(words.whose.number, records, item.number);
  return html`${words.said.kind(item.kind)}: ${aboutText(words, item)}${whose === null ? '' : html` (${whose})`}`;
}

/** `records`: whose they may be. */
export function saidBody(
  words: DetailsWords,
  home: string,
  { items }: Said,
  records: readonly Whose[],
): Html {
  const said = words.said;
  const whose = {
    head: said.whose,
    cell: ({ number }: SaidItem) => whoseOf(words.whose.number, records, number) ?? '',
  };
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
        cell: ({ at, signed, by }) =>
          html`${at === null ? '' : signed === null ? words.moment(at) : said.days(signed, at, by)}${by === null ? '' : html` <span class="soft">${said.by(by)}</span>`}`,
      },
      { head: said.what, cell: ({ kind }) => said.kind(kind) },
      { head: said.of, cell: (item) => aboutText(words, item) },
      ...(records.length > 1 ? [whose] : []),
      { head: said.receipt, cell: receipt },
    ],
    said.none,
  )}
<p><a href="${home}/cases">${said.cases}</a></p>
<p><a href="${home}">${words.release.back}</a></p>`;
}
