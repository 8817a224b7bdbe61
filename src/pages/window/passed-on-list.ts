/** What was passed on, as a table: to be answered by its party, or by staff as it told them; or to be looked at. */
import { html } from 'hono/html';
import type { PassedOnView } from '../../app/window/list-passed-on.ts';
import type { Words } from '../../words/words.ts';
import { type Column, table } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import { heldApart, withName } from './with-name.ts';

type PassedOnWords = Words['passedOn'];

/** What staff entered, its party may put right, and so may they. */
export const canAnswer = ({ answer, state, entered }: PassedOnView): boolean =>
  (answer === null || answer === 'refused' || entered !== null) && state !== 'deleted';

/** Who answers in it: the party; staff, as one party told them; or nobody, where each party is led to. */
export type AnsweredBy =
  | { readonly by: 'them' | 'staff'; readonly chosen: ReadonlySet<string> }
  | { readonly by: 'nobody'; readonly home: string };

export function listOf(words: PassedOnWords, items: readonly PassedOnView[], answered: AnsweredBy): Html {
  const theirs = answered.by === 'them';
  return table(
    words.caption,
    items,
    [
      firstColumn(words, answered),
      { head: words.heads.code, cell: ({ code }) => html`<code>${code}</code>` },
      { head: words.heads.what, cell: (each) => whatOf(words, each, theirs) },
      { head: words.heads.release, cell: ({ release }) => release },
      { head: words.heads.due, cell: ({ due }) => words.date(due) },
      { head: words.heads.state, cell: (each) => stateOf(words, each, theirs) },
    ],
    answered.by === 'staff' ? words.party.none : words.none,
  );
}

function firstColumn(words: PassedOnWords, answered: AnsweredBy): Column<PassedOnView> {
  if (answered.by === 'nobody')
    return {
      head: words.heads.party,
      cell: ({ party }) =>
        html`<a href="${answered.home}/passed-on/of/${encodeURIComponent(party)}">${heldApart(party)}</a>`,
    };
  return {
    head: words.heads.choose,
    cell: (each) =>
      canAnswer(each)
        ? html`<label class="passed-on-choose"><input type="checkbox" name="task" value="${each.task}"${answered.chosen.has(each.task) ? html` checked` : ''}><span>${words.choose(each.code)}</span></label>`
        : '',
  };
}

function whatOf(words: PassedOnWords, { kind, correction }: PassedOnView, theirs: boolean): Html {
  const more =
    kind !== 'correction' || !theirs
      ? ''
      : correction === null
        ? html`<br>${words.correctionGone}`
        : html`<br>${withName((value) => words.correction(correction.field, value), correction.value)}`;
  return html`${words.asked(kind)}${more}`;
}

function stateOf(words: PassedOnWords, each: PassedOnView, theirs: boolean): Html {
  const { state, answer, words: why, entered } = each;
  const look = state === 'overdue' ? 'bad' : state === 'answered' && answer !== 'refused' ? 'good' : '';
  const text =
    answer !== null
      ? (theirs ? words.answer : words.answerStaff)(answer)
      : state === 'deleted' && !theirs
        ? words.deletedStaff
        : words.state[state];
  const late = answer === 'refused' && state === 'overdue' ? html` ${words.state.overdue}.` : '';
  const told = theirs ? words.enteredForYou : words.entered;
  const came = entered === null ? '' : html` <span class="soft">${told(entered.by, entered.on)}</span>`;
  return html`<span class="tag ${look}">${text}</span>${late}${why === null ? '' : html` <span class="soft">${withName(words.why, why)}</span>`}${came}`;
}
