/** Where each request stands, with its clock in words. */
import { html } from 'hono/html';
import type { CaseView } from '../../app/window/case-row.ts';
import type { ListedCase } from '../../app/window/list-cases.ts';
import type { ShownCase } from '../../app/window/show-case.ts';
import { dayOf } from '../../policy/dates.ts';
import type { Words } from '../../words/words.ts';
import { table } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import { answers, askText, type FormFault, faultSummary, stepForm, wayBack } from './form-parts.ts';
import { timeOf } from './time-of.ts';
import { type Whose, whoseOf } from './whose.ts';
import { withName } from './with-name.ts';

type CaseWords = Words['cases'];

/** "We must answer by 21 December 2026." */
export function clockText(words: CaseWords, one: CaseView): string {
  const { clock } = words;
  const { due, waitingSince, extended } = one;
  if (isStopped(one)) return clock.stopped(dayOf(Date.parse(one.opened)));
  const more = extended && due.what === 'answer' ? ` ${clock.extended}` : '';
  if (due.on !== null && due.overdue)
    return due.what === 'acknowledge' ? clock.acknowledgeOverdue(due.on) : clock.overdue(due.on);
  if (waitingSince !== null) return `${clock.stands}${more}`;
  if (due.on === null) return due.what === 'outcome' ? clock.outcome : clock.nothing;
  return `${due.what === 'acknowledge' ? clock.acknowledge(due.on) : clock.answer(due.on)}${more}`;
}

/** What the law wants of an objection is the stop, which came with it (Art 21(3)): an answer in words is not late. */
const isStopped = ({ kind, event, ended }: CaseView): boolean =>
  kind === 'objection' && event !== null && ended === null;

export function stateTag(words: CaseWords, one: CaseView): Html {
  const { state, due } = one;
  const look =
    (due.overdue && !isStopped(one)) || state === 'refused' ? ' bad' : state === 'done' ? ' good' : '';
  return html`<span class="tag${look}">${words.states[state]}</span>`;
}

export function casesBody(shown: {
  readonly words: CaseWords;
  readonly home: string;
  readonly cases: readonly ListedCase[];
  readonly next: string | null;
  /** All of theirs; `number`: how one is said. */
  readonly records: readonly Whose[];
  readonly number: (n: number) => string;
}): Html {
  const { words, home, cases, next, records, number } = shown;
  const whose = {
    head: words.list.whose,
    cell: ({ record }: ListedCase) => (record === null ? '' : (whoseOf(number, records, record) ?? '')),
  };
  return html`${table(
    words.list.caption,
    cases,
    [
      {
        head: words.list.number,
        cell: (one) => html`<a href="${home}/cases/${one.case}">${String(one.number)}</a>`,
      },
      { head: words.list.what, cell: ({ kind }) => words.asked[kind] },
      ...(records.length > 1 ? [whose] : []),
      { head: words.list.asked, cell: ({ received }) => words.date(received) },
      { head: words.list.state, cell: (one) => html`${stateTag(words, one)} ${clockText(words, one)}` },
    ],
    words.list.none,
  )}
${next === null ? '' : html`<p class="pages"><a href="${home}/cases?${new URLSearchParams({ cursor: next }).toString()}">${words.list.further}</a></p>`}
${wayBack(`${home}/say`, words.form.back)}`;
}

/** `label` of a field. */
export function caseBody(shown: {
  readonly words: CaseWords;
  readonly home: string;
  readonly club: string;
  readonly one: ShownCase;
  readonly own: boolean;
  readonly label: (field: string) => string;
  readonly faults: readonly FormFault[];
  readonly typed: string;
  /** Of who stays out of sight, to staff. */
  readonly warning: string | null;
  /** Whose it is, where a member has more than one record. */
  readonly whose: Html | string | null;
}): Html {
  const { words, home, club, one, own, label, faults, typed, warning, whose } = shown;
  return html`${faultSummary(words.form.problem, faults)}
${warning === null ? '' : html`<p class="notice bad">${warning}</p>`}
${answers([
  [words.list.what, words.asked[one.kind]],
  ...(whose === null ? [] : ([[words.list.whose, whose]] as const)),
  [words.one.received, words.date(one.received)],
  ...(one.signed === null ? [] : ([[words.one.signed, words.date(one.signed)]] as const)),
  [words.one.state, stateTag(words, one)],
  [words.one.clock, clockText(words, one)],
  ...saidRows(words, one, label),
])}
${one.event === null || !own ? '' : html`<p>${words.one.receipt} <a href="${home}/receipts/${one.event}">${words.done.receipt}</a></p>`}
${one.answer === null ? '' : html`<section class="card"><h2>${words.one.answer}</h2><p class="typed">${one.answer}</p></section>`}
${one.state === 'refused' ? html`<p>${words.one.regulator}</p>` : ''}
${own && one.ended === null ? html`<h2>${words.done.next}</h2><p>${withName(words.one.next[one.kind], club)}</p>` : ''}
${own && one.ended === null ? replyForm(words, home, one, faults, typed) : ''}
<h2>${words.one.steps}</h2>
<ol class="steps">${one.steps.map(
    ({ deed, side, at, words: said }) =>
      html`<li><p><strong>${words.deeds[deed]}</strong> <span class="soft">${timeOf(at, words.brief)}${deed === 'note' ? `, ${words.sides[side]}` : ''}</span></p>${said === null ? '' : html`<p class="typed">${said}</p>`}</li>`,
  )}</ol>
${own && (one.event !== null || one.kind === 'correction') ? html`<p><a href="${home}/answers">${words.one.passedOn}</a></p>` : ''}
<p class="soft">${words.form.legalName}: ${words.legal[one.kind]}. ${words.instant(one.opened)}</p>
${own ? wayBack(`${home}/cases`, words.list.title) : ''}`;
}

function saidRows(
  words: CaseWords,
  { said, state }: ShownCase,
  label: (field: string) => string,
): readonly (readonly [string, Html | string])[] {
  const rows: (readonly [string, Html | string])[] = [];
  if (said.field !== null)
    rows.push([
      words.one.said,
      correctionText(
        words.one.correction,
        label(said.field),
        said.value === null ? null : words.date(said.value),
      ),
    ]);
  if (said.words !== null) rows.push([words.one.said, html`<span class="typed">${said.words}</span>`]);
  return rows.length === 0 && state === 'done' ? [] : rows;
}

/** `value`: null, a name that is not shown; what somebody wrote is held apart. */
export const correctionText = (
  say: (field: string, value: string | null) => string,
  field: string,
  value: string | null,
): Html | string =>
  value === null || value === '' ? say(field, value) : withName((written) => say(field, written), value);

/** What was asked is answered; before that, something can be added. */
function replyForm(
  words: CaseWords,
  home: string,
  { case: id, state, version }: ShownCase,
  faults: readonly FormFault[],
  typed: string,
): Html {
  const waits = state === 'waiting';
  const { one } = words;
  return stepForm(
    `${home}/cases/${id}`,
    { version: String(version), deed: waits ? 'answered' : 'note' },
    askText(
      {
        id: 'words',
        label: waits ? one.reply : one.add,
        help: waits ? one.replyHelp : one.addHelp,
        value: typed,
        rows: 4,
        most: 4000,
      },
      faults,
    ),
    waits ? one.replyButton : one.addButton,
    waits ? '' : 'plain',
  );
}
