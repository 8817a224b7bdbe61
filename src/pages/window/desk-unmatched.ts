/** A request of somebody who is in no record: what they ask for, and how and where they are answered. */
import { html } from 'hono/html';
import { type CaseView, caseKinds } from '../../app/window/case-row.ts';
import type { Html } from '../frame.ts';
import { detailFields, howFields } from './desk-entry.ts';
import type { DeskPlace, Typed } from './desk-find.ts';
import { askList } from './desk-parts.ts';
import {
  askOne,
  askText,
  type FormFault,
  faultSummary,
  type Option,
  stepForm,
  wayBack,
} from './form-parts.ts';

export function unmatchedKindsBody(
  { words, home }: DeskPlace,
  at: string,
  faults: readonly FormFault[],
): Html {
  const kinds = caseKinds.map((value) => ({
    value,
    text: words.asked[value],
    help: words.one.legal[value],
  }));
  return html`${faultSummary(words.problem, faults)}
<p>${words.unmatched.lead}</p>
<form method="get" action="${home}${at}"><input type="hidden" name="asked" value="yes">${askOne('kind', words.ask.title, kinds, faults)}
<p class="actions"><button>${words.next}</button></p></form>
${wayBack(`${home}/desk/find`, words.found.again)}`;
}

/** Of an erasure and an objection also what they say of themselves: it stops whoever that may be. */
export function unmatchedBody(
  { words, home }: DeskPlace,
  at: string,
  kind: CaseView['kind'],
  fields: readonly Option[],
  typed: Typed,
  faults: readonly FormFault[],
): Html {
  const { ask, unmatched } = words;
  const value = (name: string): string => typed[name] ?? '';
  const stops = kind === 'erasure' || kind === 'objection';
  const wrong =
    kind === 'correction'
      ? html`${askList({ id: 'field', label: ask.field, value: value('field') }, ask.fieldAny, fields, faults)}
${askText({ id: 'value', label: ask.value, value: value('value'), most: 400 }, faults)}`
      : '';
  const details = stops
    ? html`<fieldset><legend>${unmatched.details}</legend><p class="help">${unmatched.detailsHelp}</p>
${detailFields(words, typed, faults)}</fieldset>`
    : '';
  const form = html`${askText({ id: 'words', label: ask.words, help: unmatched.wordsHelp, value: value('words'), rows: 4, most: 4000 }, faults)}
${wrong}${details}
${askText({ id: 'replyTo', label: unmatched.replyTo, help: unmatched.replyToHelp, value: value('replyTo'), rows: 3, most: 254 }, faults)}
${howFields(words, typed, faults)}`;
  return html`${faultSummary(words.problem, faults)}
<p class="lead">${words.asked[kind]}</p>
${stepForm(`${home}${at}`, { kind, step: 'check' }, form, words.next)}
${wayBack(`${home}${at}`, words.other)}`;
}
