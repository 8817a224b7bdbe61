/** The parts of a form that asks one thing: what is wrong summed up at the top and said beside the field, choices, and answers to check. */
import { html } from 'hono/html';
import type { Html } from '../frame.ts';

export type FormFault = { readonly field: string; readonly text: string };

/** Read out at once; each line leads to its field. */
export function faultSummary(title: string, faults: readonly FormFault[]): Html | '' {
  if (faults.length === 0) return '';
  return html`<div class="notice bad faults" role="alert" aria-labelledby="faults"><h2 id="faults">${title}</h2>
<ul>${faults.map(({ field, text }) => html`<li><a href="#${field}">${text}</a></li>`)}</ul></div>`;
}

const faultOf = (faults: readonly FormFault[], field: string): FormFault | null =>
  faults.find((fault) => fault.field === field) ?? null;

const faultLine = (fault: FormFault | null): Html | '' =>
  fault === null ? '' : html`<p class="fault" id="${fault.field}-fault">${fault.text}</p>`;

const describedBy = (id: string, help: string | undefined, fault: FormFault | null): Html | '' => {
  const ids = [...(help === undefined ? [] : [`${id}-help`]), ...(fault === null ? [] : [`${id}-fault`])];
  return ids.length === 0 ? '' : html` aria-describedby="${ids.join(' ')}"`;
};

export type Asked = {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly value?: string;
  readonly rows?: number;
  readonly most: number;
  /** Their own address: the browser may offer it. */
  readonly email?: true;
  /** A class of its own. */
  readonly look?: string;
};

/** One line, or a box of `rows` lines. */
export function askText(
  { id, label, help, value = '', rows, most, email, look }: Asked,
  faults: readonly FormFault[],
): Html {
  const fault = faultOf(faults, id);
  const named = look === undefined ? '' : html` class="${look}"`;
  const more = html`${named}${describedBy(id, help, fault)}${fault === null ? '' : html` aria-invalid="true"`}`;
  const input =
    rows === undefined
      ? html`<input id="${id}" name="${id}" value="${value}" maxlength="${most}"${email ? html` type="email" autocomplete="email"` : html` autocomplete="off"`}${more}>`
      : html`<textarea id="${id}" name="${id}" rows="${rows}" maxlength="${most}"${more}>${value}</textarea>`;
  return html`<div class="field"><label for="${id}">${label}</label>
${help === undefined ? '' : html`<p class="help" id="${id}-help">${help}</p>`}${faultLine(fault)}${input}</div>`;
}

export type Option = { readonly value: string; readonly text: string; readonly help?: string };
/** In whose text names are held apart: a list to open takes text alone. */
export type Choice = {
  readonly value: string;
  readonly text: Html | string;
  readonly help?: Html | string;
};

/** One of several; none is chosen beforehand. */
export function askOne(
  id: string,
  question: string,
  options: readonly Choice[],
  faults: readonly FormFault[],
  chosen = '',
): Html {
  const fault = faultOf(faults, id);
  return html`<fieldset${describedBy(id, undefined, fault)}><legend>${question}</legend>
${faultLine(fault)}${options.map(
  ({ value, text, help }, i) =>
    html`<label class="choice"><input type="radio"${i === 0 ? html` id="${id}"` : ''} name="${id}" value="${value}"${value === chosen ? html` checked` : ''}>
<span>${text}${help === undefined ? '' : html`<span class="help">${help}</span>`}</span></label>`,
)}</fieldset>`;
}

/** A box to tick, which is empty. */
export function askTick(id: string, value: string, label: Html | string, faults: readonly FormFault[]): Html {
  const fault = faultOf(faults, id);
  return html`${faultLine(fault)}<label class="choice tick"><input type="checkbox" id="${id}" name="${id}" value="${value}"${describedBy(id, undefined, fault)}>
<span>${label}</span></label>`;
}

/** A form that goes on with what was said before. */
export function stepForm(
  action: string,
  hidden: Readonly<Record<string, string>>,
  body: Html,
  button: string,
  look: '' | 'danger' | 'plain' = '',
): Html {
  return html`<form method="post" action="${action}" novalidate>${Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}${body}
<p class="actions"><button${look === '' ? '' : html` class="${look}"`}>${button}</button></p></form>`;
}

/** What was said, to be looked at once more. */
export const answers = (rows: readonly (readonly [name: Html | string, value: Html | string])[]): Html =>
  html`<dl class="facts answers">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

export const lines = (texts: readonly (Html | string)[]): Html =>
  html`<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`;

export const wayBack = (href: string, text: string): Html =>
  html`<p class="soft"><a href="${href}">${text}</a></p>`;

/** What is done, in large letters. */
export const donePanel = (text: string): Html => html`<p class="panel" role="status">${text}</p>`;
