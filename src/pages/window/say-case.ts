/** What is asked of people there: a correction, erasure, a copy of more, a complaint; and staying out of sight. */
import { html } from 'hono/html';
import type { Words } from '../../words/words.ts';
import type { Html } from '../frame.ts';
import {
  answers,
  askOne,
  askText,
  type Choice,
  type FormFault,
  faultSummary,
  lines,
  stepForm,
  wayBack,
} from './form-parts.ts';
import type { SayPlace } from './say.ts';
import { heldApart, linesWithName, withName } from './with-name.ts';

/** One of somebody's own records, by its place in their list. */
export type RecordChoice = { readonly at: string; readonly text: Html | string };
type Faults = readonly FormFault[];

const recordOptions = (records: readonly RecordChoice[]): readonly Choice[] =>
  records.map(({ at, text }) => ({ value: at, text }));

export function whichRecordBody(
  { words, home }: SayPlace,
  path: 'correct' | 'erase',
  records: readonly RecordChoice[],
  faults: Faults,
): Html {
  return html`${faultSummary(words.form.problem, faults)}
${stepForm(
  `${home}/say/${path}`,
  {},
  askOne('record', words.form.which, recordOptions(records), faults),
  words.form.next,
)}
${inLaw(words, path === 'correct' ? 'correction' : 'erasure')}
${wayBack(`${home}/say`, words.form.back)}`;
}

export function whichFieldBody(
  { words, home }: SayPlace,
  record: string,
  fields: readonly Choice[],
  faults: Faults,
): Html {
  return html`${faultSummary(words.form.problem, faults)}
${stepForm(`${home}/say/correct`, { record, asked: 'yes' }, askOne('field', words.correct.ask, fields, faults), words.form.next)}
${inLaw(words, 'correction')}
${wayBack(`${home}/say`, words.form.back)}`;
}

export type Correction = {
  readonly record: string;
  readonly field: string;
  readonly label: string;
  readonly now: string | null;
  readonly value: string;
  /** The value as people read it; dots for a name, where none is to stand on a screen. */
  readonly shown: string;
};

export function newValueBody(
  { words, home }: SayPlace,
  one: Correction & { readonly wanted: 'text' | 'day' | 'yes-or-past-day' },
  faults: Faults,
): Html {
  const { correct } = words;
  const help = { text: correct.valueHelp, day: correct.day, 'yes-or-past-day': correct.yesOrDay }[one.wanted];
  return html`${faultSummary(words.form.problem, faults)}
${answers([[`${one.label}: ${correct.now}`, one.now === null ? correct.empty : heldApart(one.now)]])}
${stepForm(
  `${home}/say/correct`,
  { record: one.record, field: one.field },
  askText({ id: 'value', label: correct.value, help, value: one.value, most: 400 }, faults),
  words.form.next,
)}
${wayBack(`${home}/say/correct`, words.form.change)}`;
}

export function correctionCheckBody({ words, home, club }: SayPlace, one: Correction): Html {
  const { correct } = words;
  const { record, field, value, shown } = one;
  return html`${answers([
    [correct.ask, one.label],
    [correct.now, one.now === null ? correct.empty : heldApart(one.now)],
    [correct.value, value === '' ? correct.empty : heldApart(shown)],
  ])}
${stepForm(`${home}/say/correct`, { record, field, value, sure: 'no' }, html``, words.form.change, 'plain')}
<h2>${words.done.next}</h2><p>${withName(correct.next, club)}</p>
${stepForm(`${home}/say/correct`, { record, field, value, sure: 'yes' }, html``, correct.button)}
${inLaw(words, 'correction')}`;
}

export function eraseCheckBody({ words, home, club }: SayPlace, { at, text }: RecordChoice): Html {
  return html`${answers([[words.erase.record, text]])}
${lines(linesWithName(words.erase.what, club))}
${stepForm(`${home}/say/erase`, { record: at, sure: 'yes' }, html``, words.erase.button, 'danger')}
${wayBack(`${home}/say`, words.form.back)}
${inLaw(words, 'erasure')}`;
}

const forms = ['pdf', 'csv', 'json'] as const;

/** What is written, and of which record where there are several. */
export type Written = {
  readonly typed: string;
  readonly records: readonly RecordChoice[];
  readonly record: string;
};

const askRecord = (words: Words['cases'], { records, record }: Written, faults: Faults): Html =>
  records.length < 2
    ? html``
    : html`${askOne('record', words.form.which, recordOptions(records), faults, record)}`;

/** `ends`: a request is open that ends with the copy, which a link that only looks must not do. */
export function copyBody(
  { words, home }: SayPlace,
  written: Written & { readonly ends: boolean },
  faults: Faults,
): Html {
  const { copy } = words;
  return html`${faultSummary(words.form.problem, faults)}
<p class="lead">${copy.lead}</p>
${written.ends ? html`<p>${copy.ends}</p>` : ''}
<ul class="choices">${forms.map((form) => {
    const text = html`${copy[form][0]}<span class="help">${copy[form][1]}</span>`;
    const at = `${home}/copy/${form}`;
    return written.ends
      ? html`<li><form method="post" action="${at}"><button>${text}</button></form></li>`
      : html`<li><a href="${at}">${text}</a></li>`;
  })}</ul>
<h2>${copy.more}</h2>
${stepForm(
  `${home}/say/copy`,
  {},
  html`${askRecord(words, written, faults)}${askText(
    { id: 'words', label: copy.moreNone, help: copy.moreHelp, value: written.typed, rows: 4, most: 4000 },
    faults,
  )}`,
  words.form.next,
)}
${wayBack(`${home}/say`, words.form.back)}
${inLaw(words, 'access')}`;
}

export function complainBody({ words, home }: SayPlace, written: Written, faults: Faults): Html {
  const { complain } = words;
  return html`${faultSummary(words.form.problem, faults)}
${stepForm(
  `${home}/say/complain`,
  {},
  html`${askRecord(words, written, faults)}${askText(
    { id: 'words', label: complain.ask, help: complain.help, value: written.typed, rows: 8, most: 4000 },
    faults,
  )}`,
  words.form.next,
)}
${wayBack(`${home}/say`, words.form.back)}
${inLaw(words, 'complaint')}`;
}

/** What somebody wrote, as it will be sent; `of` where more than one record is theirs. */
export function wordsCheckBody(
  { words, home, club }: SayPlace,
  path: 'copy' | 'complain',
  typed: string,
  of: RecordChoice | null,
): Html {
  const { next, button } = words[path];
  const action = `${home}/say/${path}`;
  const sent = { ...(of === null ? {} : { record: of.at }), words: typed };
  return html`${answers([
    ...(of === null ? [] : [[words.form.which, of.text] as const]),
    [words.one.said, html`<span class="typed">${typed}</span>`],
  ])}
${stepForm(action, { ...sent, sure: 'no' }, html``, words.form.change, 'plain')}
<h2>${words.done.next}</h2><p>${withName(next, club)}</p>
${stepForm(action, { ...sent, sure: 'yes' }, html``, button)}`;
}

export function safeBody({ words, home }: SayPlace, set: boolean): Html {
  const { safe } = words;
  return html`<p class="lead">${safe.lead}</p>
${lines(safe.what)}
<p>${safe.notAStop}</p>
<p><strong>${set ? safe.on : safe.off}</strong></p>
${stepForm(`${home}/say/safe`, { safe: set ? 'no' : 'yes' }, html``, set ? safe.clear : safe.set)}
${wayBack(`${home}/say`, words.form.back)}`;
}

const inLaw = (words: Words['cases'], kind: 'access' | 'correction' | 'erasure' | 'complaint'): Html =>
  html`<p class="soft">${words.form.legalName}: ${words.legal[kind]}</p>`;
