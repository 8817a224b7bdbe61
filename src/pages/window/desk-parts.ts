/** Parts of the desk's forms: a day, one of a long list, and ticks, each with what is wrong beside it. */
import { html } from 'hono/html';
import type { Html } from '../frame.ts';
import type { FormFault, Option } from './form-parts.ts';

type Asked = { readonly id: string; readonly label: string; readonly help?: string; readonly value?: string };

/** What is wrong, and its place in the form. */
function marks(id: string, help: string | undefined, faults: readonly FormFault[]) {
  const fault = faults.find(({ field }) => field === id);
  const ids = [
    ...(help === undefined ? [] : [`${id}-help`]),
    ...(fault === undefined ? [] : [`${id}-fault`]),
  ];
  return {
    attributes: html`${ids.length === 0 ? '' : html` aria-describedby="${ids.join(' ')}"`}${fault === undefined ? '' : html` aria-invalid="true"`}`,
    lines: html`${help === undefined ? '' : html`<p class="help" id="${id}-help">${help}</p>`}${fault === undefined ? '' : html`<p class="fault" id="${id}-fault">${fault.text}</p>`}`,
  };
}

export function askDay({ id, label, help, value = '' }: Asked, faults: readonly FormFault[]): Html {
  const { attributes, lines } = marks(id, help, faults);
  return html`<div class="field"><label for="${id}">${label}</label>
${lines}<input type="date" id="${id}" name="${id}" value="${value}" autocomplete="off"${attributes}></div>`;
}

/** `none`: what the empty choice is called. */
export function askList(
  { id, label, help, value = '' }: Asked,
  none: string,
  options: readonly Option[],
  faults: readonly FormFault[],
): Html {
  const { attributes, lines } = marks(id, help, faults);
  return html`<div class="field"><label for="${id}">${label}</label>
${lines}<select id="${id}" name="${id}"${attributes}><option value="">${none}</option>${options.map(
    (option) =>
      html`<option value="${option.value}"${option.value === value ? html` selected` : ''}>${option.text}</option>`,
  )}</select></div>`;
}

export function tick(
  name: string,
  value: string,
  label: Html | string,
  id = `${name}-${value}`,
  ticked = false,
): Html {
  return html`<label class="choice tick"><input type="checkbox" id="${id}" name="${name}" value="${value}"${ticked ? html` checked` : ''}>
<span>${label}</span></label>`;
}
