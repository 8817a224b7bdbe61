/** What people asked for, as the desk lists it: with its clock, or how it ended. */
import { html } from 'hono/html';
import type { CaseView } from '../../app/window/case-row.ts';
import { table } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import type { DeskPlace } from './desk-find.ts';

/** "Answer by 21 December 2026". */
export function clockText(
  { clock }: DeskPlace['words'],
  { due, waitingSince }: Pick<CaseView, 'due' | 'waitingSince'>,
): string {
  if (due.on !== null && due.overdue) return clock.overdue(due.on);
  if (waitingSince !== null) return clock.stands;
  if (due.on === null) return due.what === 'outcome' ? clock.outcome : clock.nothing;
  return due.what === 'acknowledge' ? clock.acknowledge(due.on) : clock.answer(due.on);
}

export const clockCell = (text: string, overdue: boolean): Html =>
  overdue ? html`<span class="tag bad">${text}</span>` : html`${text}`;

function stateOf(words: DeskPlace['words'], one: CaseView): Html {
  const { state, ended, due } = one;
  if (ended === null) return clockCell(clockText(words, one), due.overdue);
  return html`${words.work.endedOn(words.one.deeds[state === 'refused' ? 'refused' : 'done'], words.moment(ended))}`;
}

export function casesTable(
  { words, home }: DeskPlace,
  cases: readonly CaseView[],
  { caption, none }: { readonly caption: string; readonly none: string },
): Html {
  const { columns } = words.work;
  return table(
    caption,
    cases,
    [
      {
        head: columns.number,
        cell: (one) => html`<a href="${home}/desk/cases/${one.case}">${String(one.number)}</a>`,
      },
      { head: columns.what, cell: ({ kind }) => words.asked[kind] },
      { head: columns.received, cell: ({ received }) => words.date(received) },
      { head: columns.state, cell: (one) => stateOf(words, one) },
    ],
    none,
  );
}
