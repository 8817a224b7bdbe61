/** What stands in place of the day until which a list may be used, once its holders were told of a stop. */
import { html } from 'hono/html';
import { type StopStands, stopStands } from '../../app/window/answer-stands.ts';
import type { Details } from '../../app/window/show-details.ts';
import type { CivilDate } from '../../policy/model.ts';
import type { Words } from '../../words/words.ts';
import type { Html } from '../frame.ts';
import { withName } from './with-name.ts';

type DetailsWords = Words['details'];

/**
 * Of a list with these `records` of theirs, and what was passed on of it. Where one of them did not say stop, or it stands
 * otherwise with another, each is said by its number; `unstopped` of those that nobody was told of, and nothing where that is
 * null. Null where nobody was told of any.
 */
export function toldStop(
  words: DetailsWords,
  told: {
    readonly records: readonly number[];
    readonly items: NonNullable<Details['passedOn']>;
    readonly today: CivilDate;
    readonly unstopped: string | null;
  },
): Html | null {
  const { records, items, today, unstopped } = told;
  const each = records.map((number) => {
    const of = items.filter((item) => item.number === number);
    return { number, stands: stopStands(of, today), lead: leadOf(words, of) };
  });
  if (each.every(({ stands }) => stands.length === 0)) return null;
  const [first] = each;
  const alike = new Set(each.map(({ stands, lead }) => asOne(words, stands, lead)));
  if (first !== undefined && alike.size === 1) return standsText(words, first.stands, first.lead);
  const said = each.filter(({ stands }) => stands.length > 0 || unstopped !== null);
  return html`${said.map(
    ({ number, stands, lead }, i) =>
      html`${i === 0 ? '' : html`<br>`}${words.whose.number(number)}: ${stands.length === 0 ? unstopped : standsText(words, stands, lead)}`,
  )}`;
}

/** That they said stop is said of those alone who did: a stop reaches records of others too. */
const leadOf = (
  { who: { toldStop: said } }: DetailsWords,
  items: NonNullable<Details['passedOn']>,
): string => (items.some(({ kind, yours }) => kind !== 'correction' && yours) ? said.you : said.toBeSafe);

/** What it means that somebody was told to be safe; nothing where they said all of it themselves. */
export const toBeSafeLine = (
  { who: { toldStop: said } }: DetailsWords,
  home: string,
  items: readonly Pick<NonNullable<Details['passedOn']>[number], 'yours'>[],
): Html | '' =>
  items.every(({ yours }) => yours)
    ? ''
    : html`<p>${said.toBeSafeMeans} <a href="${home}/say/complain">${said.toBeSafeTell}</a>.</p>`;

/** By which two records are told apart. */
const asOne = (
  { who: { toldStop: said } }: DetailsWords,
  stands: readonly StopStands[],
  lead: string,
): string =>
  JSON.stringify([
    lead,
    stands.map(({ party, stands: how, due }) => [party, said.they(how, due, null)]).sort(),
  ]);

/** Who holds it is named where not all of them say the same. */
function standsText(
  { who: { toldStop: said } }: DetailsWords,
  stands: readonly StopStands[],
  lead: string,
): Html {
  const [same, ...others] = new Set(stands.map(({ stands: how, due }) => said.they(how, due, null)));
  if (others.length === 0) return html`${lead} ${same}`;
  return html`${lead}${stands.map(
    ({ name, stands: how, due }) => html` ${withName((who) => said.they(how, due, who), name)}`,
  )}`;
}
