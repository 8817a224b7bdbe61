/** What somebody can say, once: the first page, stopping everything, and what is done. */
import { html } from 'hono/html';
import type { CivilDate } from '../../policy/model.ts';
import type { Words } from '../../words/words.ts';
import type { Html } from '../frame.ts';
import { donePanel, lines, stepForm, wayBack } from './form-parts.ts';
import { linesWithName, withName } from './with-name.ts';

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
  return html`<p class="lead">${withName(say.lead, club)}</p>
<ul class="choices">${choices.map(
    ([path, name]) =>
      html`<li><a href="${home}/say/${path}">${say[name][0]}<span class="help">${say[name][1]}</span></a></li>`,
  )}</ul>
<section class="card at-once">
${stepForm(`${home}/say/stop`, { for: 'home' }, html`<p>${say.loss.help}</p>`, say.loss.button, 'danger')}
</section>
<p><a href="${home}/cases">${say.cases}</a></p>`;
}

export function stopBody({ words, home, club }: SayPlace): Html {
  return html`${lines(linesWithName(words.stop.what, club))}
${stepForm(`${home}/say/stop`, { for: 'me' }, html``, words.stop.button, 'danger')}
${stepForm(`${home}/say/stop`, { for: 'home' }, html`<p>${words.stop.home}</p>`, words.stop.homeButton, 'danger')}
<p class="soft">${words.form.legalName}: ${words.stop.legal}</p>
${wayBack(`${home}/say`, words.form.back)}`;
}

export type DoneKind = 'stopped' | 'withdrawn' | 'lifted' | 'allowed' | 'safe' | 'unsafe';

/** Of the receipts so many have a button on the page. */
const mostReceipts = 30;

/** `by`: the day by which those who were told of a stop must obey it. */
export function doneBody(
  { words, home }: SayPlace,
  what: DoneKind,
  { receipts, by }: { readonly receipts: readonly string[]; readonly by: CivilDate },
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
<ul class="plain">${shown.map((event) => html`<li><a class="button plain" href="${home}/receipts/${event}">${done.receipt}</a></li>`)}</ul>
${shown.length === receipts.length ? '' : html`<p>${done.receiptsOf(shown.length, receipts.length)} <a href="${home}/details/said">${done.receiptsAll}</a></p>`}`
}
${stops ? html`<h2>${done.next}</h2><p>${done.nextStop(by)}</p>` : ''}
${wayBack(`${home}/say`, words.form.back)}`;
}
