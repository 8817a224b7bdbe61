/** What was passed on, to whoever acts on it and to staff; and to the person, who has answered. */
import { html } from 'hono/html';
import type { Page } from '../../app/flow/cursor.ts';
import { answerStands } from '../../app/window/answer-stands.ts';
import type { AnswersView } from '../../app/window/list-answers.ts';
import type { PassedOnView } from '../../app/window/list-passed-on.ts';
import type { WebhookGivenUp } from '../../app/window/webhooks-given-up.ts';
import type { Words } from '../../words/words.ts';
import { choice, furtherOn, table } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import { type FormFault, faultSummary } from './form-parts.ts';
import { canAnswer, listOf } from './passed-on-list.ts';
import { timeOf } from './time-of.ts';
import { toBeSafeLine } from './told-stop.ts';
import { type Whose, whoseOf } from './whose.ts';
import { heldApart, withName } from './with-name.ts';

export type PassedOnFault = { readonly field: 'tasks' | 'answer' | 'words'; readonly text: string };
/** What was sent and is to be sent again: it stays as it was typed. */
export type PassedOnTyped = {
  readonly tasks: ReadonlySet<string>;
  readonly answer: string;
  readonly words: string;
  readonly faults: readonly PassedOnFault[];
};

export function passedOnBody(
  { passedOn: words, letter: { problem } }: Words,
  shown: {
    readonly home: string;
    readonly items: Page<PassedOnView>;
    readonly mayAnswer: boolean;
    readonly typed: PassedOnTyped;
    readonly givenUp: readonly WebhookGivenUp[];
  },
): Html {
  const { home, items, mayAnswer, typed, givenUp } = shown;
  const list = listOf(
    words,
    items.items,
    mayAnswer ? { by: 'them', chosen: typed.tasks } : { by: 'nobody', home },
  );
  const further = furtherOn(words.further, `${home}/passed-on`, items.next);
  const dead = givenUp.map((each) => deadLine(words, each));
  if (!mayAnswer)
    return html`<p class="soft">${words.introStaff}</p>${dead}
<ul class="choices"><li><a href="${home}/passed-on/refused">${words.refused.title}</a></li><li><a href="${home}/passed-on/silent">${words.silent.title}</a></li></ul>
${list}${further}`;
  const overdue = items.items.some(({ state }) => state === 'overdue');
  const answerable = items.items.some(canAnswer);
  return html`<p class="soft">${words.intro}</p>
${dead}
${overdue ? html`<p class="passed-on-overdue">${words.overdueNote}</p>` : ''}
${faultSummary(problem, typed.faults.map(linked))}
${answerable ? html`<p><a href="${home}/passed-on/codes.csv">${words.download}</a></p>` : ''}
<form method="post" action="${home}/passed-on/acknowledgement">
${list}
${answerable ? answerForm(words, typed) : ''}
</form>
${further}`;
}

/** Of what was passed on what somebody who oversees it has to see to. */
export function onlyThoseBody(
  { passedOn: words }: Words,
  shown: {
    readonly home: string;
    readonly items: Page<PassedOnView>;
    readonly state: 'refused' | 'silent';
    /** Whoever reads it may end an agreement. */
    readonly ends: boolean;
  },
): Html {
  const { home, items, state, ends } = shown;
  return html`${items.items.length === 0 ? '' : words[state].lead.map((text) => html`<p>${text}</p>`)}
${ends && items.items.length > 0 ? html`<p><a href="${home}/documents">${words.agreements}</a></p>` : ''}
${items.items.length === 0 ? html`<p class="empty">${words[state].none}</p>` : listOf(words, items.items, { by: 'nobody', home })}${furtherOn(words.further, `${home}/passed-on/${state}`, items.next)}
<p><a href="${home}/passed-on">${words.all}</a></p>`;
}

const deadLine = (words: PassedOnWords, { party, yours, on }: WebhookGivenUp): Html =>
  html`<p class="passed-on-overdue">${
    yours || party === null ? words.webhook(on) : withName((name) => words.webhookOf(name, on), party)
  }</p>`;

/** Rows are chosen in the list, which is above all that can be wrong. */
const linked = ({ field, text }: PassedOnFault): FormFault => ({
  ...{ field: field === 'tasks' ? 'main' : field, text },
});

type PassedOnWords = Words['passedOn'];

function answerForm(words: PassedOnWords, { answer, words: typed, faults }: PassedOnTyped): Html {
  const fault = (of: PassedOnFault['field']): Html | '' => {
    const found = faults.find(({ field }) => field === of);
    return found === undefined ? '' : html`<p class="passed-on-fault" id="${of}-fault">${found.text}</p>`;
  };
  const described = faults.some(({ field }) => field === 'words') ? 'words-fault words-help' : 'words-help';
  return html`<h2>${words.formTitle}</h2>
${fault('tasks')}
${fault('answer')}
${choice(
  'answer',
  words.answerLabel,
  [
    ['', '-'],
    ...(['done', 'not-held', 'refused'] as const).map((each) => [each, words.answer(each)] as const),
  ],
  answer,
)}
<div class="field"><label for="words">${words.wordsLabel}</label>
${fault('words')}
<textarea id="words" name="words" rows="3" maxlength="1000" aria-describedby="${described}">${typed}</textarea>
<p class="help" id="words-help">${words.wordsHelp}</p></div>
<button>${words.button}</button>`;
}

export const deltaPart = ({ passedOn: words }: Words, home: string, release: string): Html =>
  html`<h2>${words.deltaTitle}</h2>
<p>${words.deltaHelp}</p>
<p><a href="${home}/releases/${release}/delta">${words.deltaLink}</a></p>
<p>${words.deltaMore} <a href="${home}/passed-on">${words.title}</a></p>`;

type AnswersShown = AnswersView & {
  readonly home: string;
  readonly club: string;
  readonly today: string;
  /** All of theirs. */
  readonly records: readonly Whose[];
};

export const answersBody = (words: Words, shown: AnswersShown): Html =>
  html`<p>${withName(words.passedOn.answersIntro, shown.club)}</p>
${answersTable(words, shown)}`;

export function answersTable({ passedOn: words, details }: Words, shown: AnswersShown): Html {
  const { home, club, items, today, records } = shown;
  const whose = {
    head: words.answerHeads.whose,
    cell: ({ number }: Answered) => whoseOf(details.whose.number, records, number) ?? '',
  };
  return html`${table(
    words.answersCaption,
    items,
    [
      { head: words.answerHeads.who, cell: ({ name }) => heldApart(name) },
      ...(records.length > 1 ? [whose] : []),
      {
        head: words.answerHeads.what,
        cell: ({ kind, yours }) =>
          html`${words.said(kind)}${yours ? '' : html`<br><span class="soft">${words.toBeSafe}</span>`}`,
      },
      { head: words.answerHeads.when, cell: ({ told }) => timeOf(told, words.brief) },
      {
        head: words.answerHeads.answer,
        cell: (each) =>
          html`${answerOf(words, each, today)}${isAmiss(each, today) ? html`<br>${withName(words.complain, club)} <a href="${home}/say/complain">${words.complainHere}</a>` : ''}`,
      },
    ],
    words.answersNone,
  )}${toBeSafeLine(details, home, items)}`;
}

type Answered = AnswersView['items'][number];

/** They will not do it, or say nothing in time. */
const isAmiss = (each: Answered, today: string): boolean =>
  ['refused', 'late'].includes(answerStands(each, today));

const answerOf = (words: PassedOnWords, each: Answered, today: string): Html =>
  html`${words.stands(answerStands(each, today), each.due)}${each.words === null ? '' : html`<br>${withName(words.why, each.words)}`}${each.entered === null ? '' : html`<br>${words.toldUs(each.entered.by, each.entered.on)}`}`;
