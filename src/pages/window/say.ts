/** What somebody can say, once: the first page, stopping everything, and what is done. */
import { html } from 'hono/html';
import type { CivilDate } from '../../policy/model.ts';
import type { Words } from '../../words/words.ts';
import type { Html } from '../frame.ts';
import { askOne, donePanel, type FormFault, faultSummary, lines, stepForm, wayBack } from './form-parts.ts';
import { allWhose, type Whose } from './whose.ts';
import { linesWithName, withName, withPart } from './with-name.ts';

export type SayPlace = { readonly words: Words['cases']; readonly home: string; readonly club: string };

const choices = [
  ['stop', 'stop'],
  ['stop-one', 'stopOne'],
  ['withdraw', 'withdraw'],
  ['correct', 'correct'],
  ['copy', 'copy'],
  ['erase', 'erase'],
  ['complain', 'complain'],
  ['allow', 'allow'],
  ['safe', 'safe'],
] as const;

/** The first page. One button of it does at once what it says. */
export function sayBody({ words, home, club }: SayPlace): Html {
  const { say } = words;
  const choice = ([path, name]: (typeof choices)[number]): Html =>
    html`<li><a href="${home}/say/${path}">${say[name][0]}<span class="help">${say[name][1]}</span></a></li>`;
  return html`<p class="lead">${withName(say.lead, club)}</p>
<ul class="choices">${choices.slice(0, 1).map(choice)}</ul>
<section class="card at-once">
${stepForm(`${home}/say/stop`, { for: 'home' }, html`<p>${say.loss.help}</p>`, say.loss.button, 'danger')}
</section>
<ul class="choices">${choices.slice(1).map(choice)}</ul>
<p><a href="${home}/cases">${say.cases}</a></p>`;
}

/** For whom it is said: nothing where there is but one. */
export const forWhom = ({ form }: SayPlace['words'], records: readonly Whose[]): Html | '' =>
  records.length < 2 ? '' : html`<p>${form.for}: <strong>${allWhose(form.record, records)}</strong></p>`;

/** `records`: all of which it stops. Where what was sent did not say for whom, that is asked. */
export function stopBody(
  { words, home, club }: SayPlace,
  records: readonly Whose[],
  faults: readonly FormFault[],
): Html {
  const at = `${home}/say/stop`;
  const { stop } = words;
  const buttons = html`${stepForm(at, { for: 'me' }, html``, stop.button, 'danger')}
${stepForm(at, { for: 'home' }, html`<p>${stop.home}</p>`, stop.homeButton, 'danger')}`;
  const options = [
    { value: 'me', text: stop.me },
    { value: 'home', text: stop.homeButton, help: stop.home },
  ];
  return html`${faultSummary(words.form.problem, faults)}${forWhom(words, records)}${lines(linesWithName(stop.what, club))}
${faults.length === 0 ? buttons : stepForm(at, {}, askOne('for', stop.ask, options, faults), stop.button, 'danger')}
<p class="soft">${words.form.legalName}: ${words.stop.legal}</p>
${wayBack(`${home}/say`, words.form.back)}`;
}

export type DoneKind = 'stopped' | 'withdrawn' | 'lifted' | 'allowed' | 'safe' | 'unsafe';

/** `what` it is of, in words, and whose. */
export type ReceiptOf = { readonly event: string; readonly what: Html | string | null };

/** Of the receipts so many have a button on the page. */
const mostReceipts = 30;

/** `by`: the day by which those who were told of a stop must obey it. */
export function doneBody(
  { words, home }: SayPlace,
  what: DoneKind,
  { receipts, by }: { readonly receipts: readonly ReceiptOf[]; readonly by: CivilDate },
): Html {
  const { done } = words;
  const shown = receipts.slice(0, mostReceipts);
  const stops = what === 'stopped' || what === 'withdrawn';
  return html`${donePanel(done[what][1])}
${
  receipts.length === 0
    ? ''
    : html`<h2>${receipts.length === 1 ? done.receipts : done.receiptsMany}</h2>
<p>${done.keep}</p>
<ul class="plain">${shown.map(
        ({ event, what }) =>
          html`<li><a class="button plain" href="${home}/receipts/${event}">${done.receipt}${what === null ? '' : withPart(done.receiptOf, html`${what}`)}</a></li>`,
      )}</ul>
${shown.length === receipts.length ? '' : html`<p>${done.receiptsOf(shown.length, receipts.length)} <a href="${home}/details/said">${done.receiptsAll}</a></p>`}`
}
${stops ? html`<h2>${done.next}</h2><p>${done.nextStop(by)}</p><p><a href="${home}/answers">${done.answers}</a></p>` : ''}
${wayBack(`${home}/say`, words.form.back)}`;
}
