/** What the pages of the flow are put together from: fields, buttons, facts, lists, and words for states. */
import { html } from 'hono/html';
import { brief, instant } from '../../policy/figures.ts';
import type { Html } from '../frame.ts';

/** `23 November 2026 at 09:00 GMT`, of an ISO text. */
export const when = (iso: string): string => instant(Date.parse(iso));

/** `23 Nov 2026, 09:00`, in London, for tables. */
export const briefly = (iso: string): Html =>
  html`<time class="time" datetime="${iso}">${brief(Date.parse(iso))}</time>`;

export const fact = (name: string, value: Html | string): Html => html`<dt>${name}</dt><dd>${value}</dd>`;
export const facts = (rows: readonly Html[]): Html => html`<dl class="facts">${rows}</dl>`;

export type Field = {
  readonly id: string;
  /** Of what is sent, where the page has more than one of it; else the id. */
  readonly name?: string;
  readonly label: string;
  readonly help?: string;
  readonly value?: string;
  readonly rows?: number;
  readonly required?: boolean;
};

/** One line, or a box of `rows` lines. */
export function field({ id, name = id, label, help, value = '', rows, required = true }: Field): Html {
  const described = help === undefined ? '' : html` aria-describedby="${id}-help"`;
  const must = required ? html` required` : '';
  const input =
    rows === undefined
      ? html`<input id="${id}" name="${name}" value="${value}" maxlength="400"${described}${must}>`
      : html`<textarea id="${id}" name="${name}" rows="${rows}" spellcheck="false"${described}${must}>${value}</textarea>`;
  return html`<div class="field"><label for="${id}">${label}</label>
${input}${help === undefined ? '' : html`<p class="help" id="${id}-help">${help}</p>`}</div>`;
}

export function choice(
  id: string,
  label: string,
  options: readonly (readonly [string, string])[],
  chosen = '',
): Html {
  return html`<div class="field"><label for="${id}">${label}</label>
<select id="${id}" name="${id}">${options.map(
    ([value, text]) =>
      html`<option value="${value}"${value === chosen ? html` selected` : ''}>${text}</option>`,
  )}</select></div>`;
}

export type Deed = {
  readonly action: string;
  readonly button: string;
  readonly look?: 'danger' | 'plain' | undefined;
  readonly hidden?: Readonly<Record<string, string>>;
  readonly body?: Html;
};

/** A form that does one thing. */
export function deedForm({ action, button, look, hidden = {}, body }: Deed): Html {
  const fixed = Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form method="post" action="${action}">${fixed}${body ?? ''}
<button${look === undefined ? '' : html` class="${look}"`}>${button}</button></form>`;
}

/** Opens to show the form of a deed that not everybody who reads the page has come for; `open` where it was come back to. */
export const folded = (title: string, body: Html, open = false): Html =>
  html`<details class="card"${open ? html` open` : ''}><summary>${title}</summary>${body}</details>`;

export type Column<T> = {
  readonly head: string;
  readonly cell: (row: T) => Html | string;
  readonly number?: true;
};

/** A table, or what is said where there is nothing. On a phone each row is a block: its roles keep it a table to all. */
export function table<T>(
  caption: string,
  rows: readonly T[],
  columns: readonly Column<T>[],
  none: string,
): Html {
  if (rows.length === 0) return html`<p class="empty">${none}</p>`;
  const look = (number: true | undefined): Html | '' => (number ? html` class="number"` : '');
  const head = columns.map(
    ({ head: text, number }) => html`<th scope="col" role="columnheader"${look(number)}>${text}</th>`,
  );
  const row = (each: T): Html =>
    html`<tr role="row">${columns.map(
      ({ head: text, cell, number }) =>
        html`<td role="cell" data-head="${text}"${look(number)}><span>${cell(each)}</span></td>`,
    )}</tr>`;
  return html`<div class="scroll"><table class="rows" role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${rows.map(row)}</tbody></table></div>`;
}

/** The link to the next page of a list. */
export const further = (path: string, next: string | null): Html | '' => furtherOn('Further', path, next);

/** The same, in the words of a language. */
export const furtherOn = (text: string, path: string, next: string | null): Html | '' =>
  next === null
    ? ''
    : html`<p class="pages"><a href="${path}?${new URLSearchParams({ cursor: next }).toString()}">${text}</a></p>`;

const stateWords: Readonly<Record<string, readonly [string, '' | 'good' | 'bad']>> = {
  REQUESTED: ['Requested', ''],
  OFFERED: ['Checked, to be decided', ''],
  AGREED: ['Approved', 'good'],
  FINALIZED: ['Released', 'good'],
  TERMINATED: ['Ended', 'bad'],
  queued: ['Waiting', ''],
  running: ['Running', ''],
  done: ['Done', 'good'],
  failed: ['Failed', 'bad'],
  open: ['Open', ''],
  overdue: ['Overdue', 'bad'],
  claimed: ['Claimed by them', ''],
};

/** A state in words, with its name in the standard or the API as its title. */
export function stateTag(state: string): Html {
  const [text, look] = stateWords[state] ?? [state, ''];
  return html`<span class="tag ${look}" title="${state}">${text}</span>`;
}

/** Of a check that refuses nobody. */
export const noReasons = 'No rule refuses anybody.';
