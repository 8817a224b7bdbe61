/** Stopping one thing, taking back a yes, taking back a stop: each a choice, a look at what it does, and one button. */
import { html } from 'hono/html';
import type { GivenConsent, StandingStop } from '../../app/window/standing.ts';
import type { Consent, Scope } from '../../policy/model.ts';
import { label } from '../../policy/vocab.ts';
import type { Words } from '../../words/words.ts';
import type { Html } from '../frame.ts';
import {
  answers,
  askOne,
  askTick,
  type Choice,
  type FormFault,
  faultSummary,
  stepForm,
  wayBack,
} from './form-parts.ts';
import { forWhom, type SayPlace } from './say.ts';
import { allWhose, type Whose } from './whose.ts';
import { apart, heldApart, withName, withPart } from './with-name.ts';

export type NameOf = (organisation: string) => string;
export const stopParts = ['purpose', 'organisation', 'channel'] as const;
export type StopPart = (typeof stopParts)[number];

const inLaw = (words: SayPlace['words'], legal: string): Html =>
  html`<p class="soft">${words.form.legalName}: ${legal}</p>`;

/** `records`: all of which it stops. */
export function stopOneBody({ words, home }: SayPlace, records: readonly Whose[]): Html {
  return html`${forWhom(words, records)}<ul class="choices">${stopParts.map(
    (part) => html`<li><a href="${home}/say/stop-one/${part}">${words.stopOne[part][0]}</a></li>`,
  )}</ul>
${inLaw(words, words.legal.objection)}
${wayBack(`${home}/say`, words.form.back)}`;
}

export function stopPartBody(
  { words, home }: SayPlace,
  part: StopPart,
  options: readonly Choice[],
  faults: readonly FormFault[],
): Html {
  return html`${faultSummary(words.form.problem, faults)}
${stepForm(`${home}/say/stop-one/${part}`, {}, askOne('term', words.stopOne[part][1], options, faults), words.form.next)}
${inLaw(words, words.legal.objection)}
${wayBack(`${home}/say/stop-one`, words.form.change)}`;
}

export function stopPartCheckBody(
  { words, home }: SayPlace,
  part: StopPart,
  chosen: Choice,
  records: readonly Whose[],
): Html {
  const action = `${home}/say/stop-one/${part}`;
  const whose = records.length < 2 ? [] : [[words.form.for, allWhose(words.form.record, records)] as const];
  return html`${answers([[words.stopOne.labels[part], chosen.text], ...whose])}
<p>${words.stopOne.all}</p>
${stepForm(action, { term: chosen.value, sure: 'yes' }, html``, words.stopOne.button, 'danger')}
${wayBack(action, words.form.change)}
${inLaw(words, words.legal.objection)}`;
}

/** In place of a stop of somebody whom a stop cannot name any more; `name`: null where nobody knows it. */
export function stopGoneBody({ words, home }: SayPlace, name: string | null): Html {
  const { gone } = words.stopOne;
  return html`<p class="lead">${name === null ? gone.unnamed : withName(gone.lead, name)}</p>
<p>${gone.instead}</p>
${stepForm(`${home}/say/stop`, { for: 'me' }, html``, words.stop.button, 'danger')}
${wayBack(`${home}/say/stop-one/organisation`, words.form.change)}
${inLaw(words, words.stop.legal)}`;
}

/** A scope in plain words. */
export function scopeText(words: Words['cases'], scope: Scope, nameOf: NameOf): Html {
  const { purpose, organisation, contactChannel, field } = scope;
  const some = [
    ...(purpose === 'all' ? [] : [words.purpose(purpose)]),
    ...(organisation === 'all' ? [] : [heldApart(nameOf(organisation))]),
    ...(contactChannel === 'all' ? [] : [words.channel(contactChannel)]),
    ...(field === 'all' ? [] : [words.called(label(field))]),
  ];
  return some.length === 0
    ? html`${words.say.stop[0]}`
    : html`${some.map((part, i) => html`${i === 0 ? '' : ', '}${part}`)}`;
}

type OfOne = {
  /** In the list that it was chosen from. */
  readonly at: string;
  /** Of which of their records; null where they have but one. */
  readonly whose: Html | string | null;
};
/** The rows, or the line, that say whose it is. */
const whoseRow = (
  { form }: Words['cases'],
  whose: OfOne['whose'],
): readonly (readonly [string, Html | string])[] => (whose === null ? [] : [[form.for, whose]]);
const whoseLine = ({ form }: Words['cases'], whose: OfOne['whose']): Html | '' =>
  whose === null ? '' : html`<br><span class="soft">${form.for}: ${whose}</span>`;

/** Whom, and what, words speak of. */
type Named = Readonly<
  Record<keyof Pick<Consent, 'controllers' | 'purposes' | 'contactChannels'>, readonly string[]>
>;

function consentAnswers(
  words: Words['cases'],
  { whose, given: { wording, on } }: Numbered,
  named: Named,
  nameOf: NameOf,
): Html {
  const { withdraw } = words;
  return html`${answers([
    ...whoseRow(words, whose),
    [wording.changed ? withdraw.saidNow : withdraw.said, html`<q>${wording.text}</q>`],
    [withdraw.when, withdraw.on(on)],
    [withdraw.who, apart(named.controllers.map(nameOf))],
    [withdraw.what, named.purposes.map(words.purpose).join(', ')],
    [withdraw.how, named.contactChannels.map(words.channel).join(', ')],
  ])}${wording.changed ? html`<p class="notice">${withdraw.changed}</p>` : ''}`;
}

function namedIn(atoms: readonly Scope[]): Named {
  const all = (part: 'organisation' | 'purpose' | 'contactChannel'): readonly string[] =>
    [...new Set(atoms.map((each) => each[part]))].filter((each) => each !== 'all');
  return {
    controllers: all('organisation'),
    purposes: all('purpose'),
    contactChannels: all('contactChannel'),
  };
}

/** Of words that may have been others when it was said. */
const wordsChanged = ({ withdraw }: Words['cases'], { wording }: GivenConsent): Html | '' =>
  wording.changed ? html`<br><span class="soft">${withdraw.changedShort}</span>` : '';

export type Numbered = OfOne & { readonly given: GivenConsent };

export function withdrawBody(
  { words, home }: SayPlace,
  given: readonly Numbered[],
  faults: readonly FormFault[],
): Html {
  const options = given.map(({ at, whose, given: one }) => ({
    value: at,
    text: one.wording.text,
    help: html`${words.withdraw.on(one.on)}${wordsChanged(words, one)}${whoseLine(words, whose)}`,
  }));
  return html`${faultSummary(words.form.problem, faults)}
${
  given.length === 0
    ? html`<p class="empty">${words.withdraw.none}</p>`
    : stepForm(
        `${home}/say/withdraw`,
        {},
        askOne('which', words.withdraw.ask, options, faults),
        words.form.next,
      )
}
${inLaw(words, words.legal.withdraw)}
${wayBack(`${home}/say`, words.form.back)}`;
}

export function withdrawCheckBody({ words, home }: SayPlace, one: Numbered, nameOf: NameOf): Html {
  return html`${consentAnswers(words, one, namedIn(one.given.atoms), nameOf)}
${one.given.wording.changed ? html`<p>${words.withdraw.covers}</p>` : ''}
<p>${words.withdraw.after}</p>
${stepForm(`${home}/say/withdraw`, { which: one.at, sure: 'yes' }, html``, words.withdraw.button, 'danger')}
${wayBack(`${home}/say/withdraw`, words.form.change)}
${inLaw(words, words.legal.withdraw)}`;
}

export type NumberedStop = OfOne & { readonly stop: StandingStop };

export function allowBody(
  { words, home }: SayPlace,
  shown: { readonly stops: readonly NumberedStop[]; readonly consents: readonly Numbered[] },
  nameOf: NameOf,
): Html {
  const { allow } = words;
  const look = (hidden: Readonly<Record<string, string>>, body: Html): Html =>
    html`<li class="card">${stepForm(`${home}/say/allow`, hidden, body, allow.look, 'plain')}</li>`;
  return html`<h2>${allow.stops}</h2>
${shown.stops.length === 0 ? html`<p class="empty">${allow.none}</p>` : ''}
<ul class="plain">${shown.stops.map(({ at, whose, stop }) =>
    look(
      { stop: at },
      html`<p><strong>${scopeText(words, stop.scope, nameOf)}</strong><br><span class="soft">${words.withdraw.on(stop.on)}</span>${whoseLine(words, whose)}</p>`,
    ),
  )}</ul>
${
  shown.consents.length === 0
    ? ''
    : html`<h2>${allow.consents}</h2><ul class="plain">${shown.consents.map(({ at, whose, given }) =>
        look(
          { yes: at },
          html`<p><q>${given.wording.text}</q><br><span class="soft">${words.withdraw.on(given.on)}</span>${wordsChanged(words, given)}${whoseLine(words, whose)}</p>`,
        ),
      )}</ul>`
}
${inLaw(words, words.allow.legal)}
${wayBack(`${home}/say`, words.form.back)}`;
}

/** The old stop is shown, and the box beside it is the act that lifts it (C3). */
export function liftCheckBody(
  { words, home }: SayPlace,
  { at, whose, stop }: NumberedStop,
  nameOf: NameOf,
  faults: readonly FormFault[],
): Html {
  return html`${faultSummary(words.form.problem, faults)}
${whose === null ? '' : answers(whoseRow(words, whose))}${shownStop(words, stop, nameOf)}
${stepForm(
  `${home}/say/allow`,
  { stop: at, sure: 'yes' },
  askTick('lift', 'yes', withPart(words.allow.lift, scopeText(words, stop.scope, nameOf)), faults),
  words.allow.button,
)}
${inLaw(words, words.legal.lift)}
${wayBack(`${home}/say/allow`, words.form.change)}`;
}

/** A yes lifts nothing: each stop that meets it is shown, with its own box. */
export function yesCheckBody(
  { words, home }: SayPlace,
  one: Numbered,
  nameOf: NameOf,
  faults: readonly FormFault[],
): Html {
  const { allow } = words;
  const { at, given } = one;
  return html`${faultSummary(words.form.problem, faults)}
${consentAnswers(words, one, given.consent, nameOf)}
${stepForm(
  `${home}/say/allow`,
  { yes: at, sure: 'yes' },
  html`${given.stops.map(
    (stop, i) =>
      html`${shownStop(words, stop, nameOf)}${askTick(`lift-${i}`, stop.event, withPart(allow.lift, scopeText(words, stop.scope, nameOf)), faults)}`,
  )}
${given.stops.length === 0 ? '' : html`<p>${allow.still}</p>`}
${askTick('say', 'yes', allow.yes, faults)}`,
  allow.yesButton,
)}
${inLaw(words, words.legal.consent)}
${wayBack(`${home}/say/allow`, words.form.change)}`;
}

const shownStop = (
  words: Words['cases'],
  stop: StandingStop,
  nameOf: NameOf,
): Html => html`<section class="card">
<h2>${words.allow.oldStop}</h2>
<p><strong>${scopeText(words, stop.scope, nameOf)}</strong></p>
<p>${words.withdraw.on(stop.on)}</p>
<p>${words.allow.also}</p></section>`;
