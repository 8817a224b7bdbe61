/** What came by telephone, letter or e-mail: what was said, its days, the answers once more, and what was recorded. */
import { html } from 'hono/html';
import type { Html } from '../frame.ts';
import type { DeskPlace, Typed } from './desk-find.ts';
import { askDay, askList } from './desk-parts.ts';
import {
  answers,
  askOne,
  askText,
  type Choice,
  donePanel,
  type FormFault,
  faultSummary,
  type Option,
  stepForm,
  wayBack,
} from './form-parts.ts';
import { withPart } from './with-name.ts';

/** `what` it is of, where there are more of them. */
export type ReceiptOf = { readonly event: string; readonly what: Html | string | null };

export const saidKinds = ['objection', 'withdrawal', 'restriction', 'consent', 'lift'] as const;
export type SaidKind = (typeof saidKinds)[number];
/** Of whom nobody knows who they are: a permission is of a record. */
export const letterKinds = ['objection', 'withdrawal', 'restriction'] as const;

/** What may be chosen, in words. */
export type Choices = {
  readonly purpose: readonly Option[];
  readonly organisation: readonly Option[];
  readonly channel: readonly Option[];
  /** A notice and a consent of it, apart by `|`. */
  readonly consent: readonly Option[];
  /** Their own stops. */
  readonly lifts: readonly Choice[];
};

export function kindsBody({ words, home }: DeskPlace, at: string, faults: readonly FormFault[]): Html {
  const { kinds } = words;
  const options = saidKinds.map((value) => ({ value, text: kinds[value][0], help: kinds[value][1] }));
  return html`${faultSummary(words.problem, faults)}
<form method="get" action="${home}${at}/say"><input type="hidden" name="asked" value="yes">${askOne('kind', kinds.title, options, faults)}
<p class="actions"><button>${words.next}</button></p></form>
${wayBack(`${home}${at}`, words.toPerson)}`;
}

export function entryBody(
  { words, home }: DeskPlace,
  at: string,
  kind: SaidKind,
  choices: Choices,
  typed: Typed,
  faults: readonly FormFault[],
): Html {
  const back = wayBack(`${home}${at}/say`, words.other);
  if (kind === 'lift' && choices.lifts.length === 0)
    return html`<p class="notice">${words.entry.liftsNone}</p>${back}`;
  const form = html`${whatFields(words, kind, choices, typed, faults)}${howFields(words, typed, faults)}`;
  return html`${faultSummary(words.problem, faults)}
${stepForm(`${home}${at}/say`, { kind, step: 'check' }, form, words.next)}
${back}`;
}

function whatFields(
  { entry }: DeskPlace['words'],
  kind: SaidKind,
  choices: Choices,
  typed: Typed,
  faults: readonly FormFault[],
): Html {
  const list = (id: Exclude<keyof Choices, 'lifts'>, label: string, none: string, help?: string): Html => {
    const asked = { id, label, value: typed[id] ?? '', ...(help === undefined ? {} : { help }) };
    return askList(asked, none, choices[id], faults);
  };
  const help = kind === 'withdrawal' ? entry.consentHelp : undefined;
  if (kind === 'lift') return askOne('lifts', entry.lifts, choices.lifts, faults, typed.lifts ?? '');
  const words = list('consent', entry.consent, entry.consentNone, help);
  // A yes is to the words, as far as they go.
  if (kind === 'consent') return words;
  return html`${kind === 'withdrawal' ? words : ''}
${list('purpose', entry.of, entry.all)}${list('organisation', entry.whose, entry.all, entry.whoseHelp)}${list('channel', entry.reach, entry.all)}`;
}

/** How and when it came. */
export function howFields(
  { entry, ways }: DeskPlace['words'],
  typed: Typed,
  faults: readonly FormFault[],
): Html {
  const options = (['phone', 'letter', 'email'] as const).map((value) => ({
    value,
    text: ways[value] ?? value,
  }));
  return html`${askOne('by', entry.by, options, faults, typed.by ?? '')}
${askDay({ id: 'signed', label: entry.signed, help: entry.signedHelp, value: typed.signed ?? '' }, faults)}
${askDay({ id: 'received', label: entry.received, help: entry.receivedHelp, value: typed.received ?? '' }, faults)}`;
}

export type Answered = readonly (readonly [name: string, value: Html | string])[];

/** All that was said goes on with the button. */
export function checkBody(
  { words, home }: DeskPlace,
  shown: {
    readonly action: string;
    readonly back: string;
    readonly rows: Answered;
    readonly typed: Typed;
    readonly effect: string;
    readonly button: string;
    /** Of this page alone: what is sent from it twice is recorded once. */
    readonly once: string;
  },
): Html {
  const { step: _, once: __, ...hidden } = shown.typed;
  return html`${answers(shown.rows)}
<p>${shown.effect}</p>
${stepForm(`${home}${shown.action}`, { ...hidden, step: 'record', once: shown.once }, html``, shown.button)}
${stepForm(`${home}${shown.action}`, { ...hidden, step: 'change' }, html``, words.change, 'plain')}
${wayBack(`${home}${shown.back}`, words.back)}`;
}

export function recordedBody(
  { words, home }: DeskPlace,
  shown: {
    readonly receipts: readonly ReceiptOf[];
    readonly next: string;
    readonly post: boolean;
    readonly panel: string;
    /** Not all that was said is recorded. */
    readonly partly: boolean;
  },
): Html {
  const { entry } = words;
  return html`${donePanel(shown.panel)}
${shown.partly ? html`<p class="notice bad" role="alert">${entry.partly}</p>` : ''}
<p>${shown.next}</p>
<ul class="plain">${shown.receipts.map(({ event, what }) => {
    const of = what === null ? '' : withPart(entry.receiptOf, html`${what}`);
    return html`<li>${shown.post ? html`<a class="button plain" href="${home}/receipts/${event}">${entry.receipt}${of}</a> ` : html`${what ?? ''} `}${entry.number} <code>${event}</code></li>`;
  })}</ul>
${wayBack(`${home}/desk`, words.back)}`;
}

/** By which somebody may be found, as they say it of themselves. */
export function detailFields(
  { letter }: DeskPlace['words'],
  typed: Typed,
  faults: readonly FormFault[],
): Html {
  const line = (id: 'surname' | 'addressLine' | 'postcode' | 'email' | 'phone', most: number): Html =>
    askText({ id, label: letter[id], value: typed[id] ?? '', most }, faults);
  return html`${line('surname', 100)}${line('addressLine', 200)}${line('postcode', 20)}${line('email', 200)}${line('phone', 40)}
${askDay({ id: 'birthDate', label: letter.birthDate, value: typed.birthDate ?? '' }, faults)}`;
}

/** A letter: what it says of who wrote it, and what it asks for. */
export function letterBody(
  { words, home }: DeskPlace,
  sources: readonly Option[],
  choices: Choices,
  typed: Typed,
  faults: readonly FormFault[],
): Html {
  const { letter } = words;
  const kinds = letterKinds.map((value) => ({
    value,
    text: words.kinds[value][0],
    help: words.kinds[value][1],
  }));
  const form = html`<fieldset><legend>${letter.details}</legend>
${detailFields(words, typed, faults)}</fieldset>
${sources.length === 1 ? '' : askOne('source', letter.source, sources, faults, typed.source ?? '')}
${askOne('kind', letter.what, kinds, faults, typed.kind ?? '')}
${whatFields(words, 'objection', choices, typed, faults)}${howFields(words, typed, faults)}`;
  return html`${faultSummary(words.problem, faults)}
<p>${letter.lead}</p>
${stepForm(`${home}/desk/letter`, { step: 'check' }, form, words.next)}
${wayBack(`${home}/desk`, words.back)}`;
}

/** A request for somebody: what they ask for, and how it came. */
export function askBody(
  { words, home }: DeskPlace,
  at: string,
  fields: readonly Option[],
  typed: Typed,
  faults: readonly FormFault[],
): Html {
  const { ask } = words;
  const kinds = (['access', 'correction', 'erasure', 'complaint', 'objection'] as const).map((value) => ({
    value,
    text: words.asked[value],
    help: words.one.legal[value],
  }));
  const form = html`${askOne('kind', ask.title, kinds, faults, typed.kind ?? '')}
${askText({ id: 'words', label: ask.words, help: ask.wordsHelp, value: typed.words ?? '', rows: 4, most: 4000 }, faults)}
${askList({ id: 'field', label: ask.field, help: ask.fieldHelp, value: typed.field ?? '' }, ask.fieldAny, fields, faults)}
${askText({ id: 'value', label: ask.value, value: typed.value ?? '', most: 400 }, faults)}
${howFields(words, typed, faults)}`;
  return html`${faultSummary(words.problem, faults)}
${stepForm(`${home}${at}/ask`, { step: 'check' }, form, words.next)}
${wayBack(`${home}${at}`, words.toPerson)}`;
}
