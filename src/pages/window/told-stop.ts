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
  const each = records.map((number) => ({
    number,
    stands: stopStands(
      items.filter((item) => item.number === number),
      today,
    ),
  }));
  if (each.every(({ stands }) => stands.length === 0)) return null;
  const [first] = each;
  const alike = new Set(each.map(({ stands }) => asOne(words, stands)));
  if (first !== undefined && alike.size === 1) return standsText(words, first.stands);
  const said = each.filter(({ stands }) => stands.length > 0 || unstopped !== null);
  return html`${said.map(
    ({ number, stands }, i) =>
      html`${i === 0 ? '' : html`<br>`}${words.whose.number(number)}: ${stands.length === 0 ? unstopped : standsText(words, stands)}`,
  )}`;
}

/** By which two records are told apart. */
const asOne = ({ who: { toldStop: said } }: DetailsWords, stands: readonly StopStands[]): string =>
  JSON.stringify(stands.map(({ party, stands: how, due }) => [party, said.they(how, due, null)]).sort());

/** Who holds it is named where not all of them say the same. */
function standsText({ who: { toldStop: said } }: DetailsWords, stands: readonly StopStands[]): Html {
  const [same, ...others] = new Set(stands.map(({ stands: how, due }) => said.they(how, due, null)));
  if (others.length === 0) return html`${said.you} ${same}`;
  return html`${said.you}${stands.map(
    ({ name, stands: how, due }) => html` ${withName((who) => said.they(how, due, who), name)}`,
  )}`;
}
