/** The pages of a letter: its code, what it was for, the notice, the stop. The code is in forms alone, never in an address. */
import { html } from 'hono/html';
import type { LetterView } from '../../app/window/show-letter.ts';
import type { CivilDate } from '../../policy/model.ts';
import type { Words } from '../../words/words.ts';
import { fact, facts } from '../flow/parts.ts';
import { type Html, pageIn } from '../frame.ts';
import { askText, type FormFault, faultSummary, lines, stepForm } from './form-parts.ts';
import { noticeText } from './notice-text.ts';
import { type ReceiptView, receiptBody } from './receipt.ts';
import { heldApart, linesWithName, withName, withNames } from './with-name.ts';

const framed = (words: Words, title: string, body: Html, faulty = false): Html =>
  pageIn(words, { title, faulty, actor: null, narrow: true, body });

/** `typed` is shown again with what is wrong with it. */
export function letterFormPage(
  words: Words,
  shown: { readonly typed: string; readonly faults: readonly FormFault[] },
): Html {
  const { form, problem } = words.letter;
  const { typed, faults } = shown;
  return framed(
    words,
    form.title,
    html`${faultSummary(problem, faults)}
<p class="lead">${form.lead}</p>
${stepForm(
  '/letter',
  {},
  askText(
    { id: 'code', label: form.label, help: form.help, value: typed, most: 100, look: 'code trace' },
    faults,
  ),
  form.button,
)}
<p class="soft">${form.kept}</p>`,
    faults.length > 0,
  );
}

export function unknownLetterPage(words: Words): Html {
  const { unknown } = words.letter;
  return framed(
    words,
    unknown.title,
    html`<p class="lead">${unknown.lead}</p>
<h2>${unknown.next}</h2>
${lines(unknown.steps)}
<p class="actions"><a class="button" href="/letter">${unknown.again}</a> <a href="/auth/members/sign-in">${unknown.member}</a></p>`,
  );
}

export const waitPage = (words: Words, text: string): Html =>
  framed(words, words.letter.wait.title, html`<p class="notice bad" role="alert">${text}</p>`);

export function goneLetterPage(words: Words, club: string): Html {
  const { gone } = words.letter;
  const body = html`<p class="lead">${withName(gone.lead, club)}</p>${lines(linesWithName(gone.steps, club))}`;
  return framed(words, gone.title, body);
}

/** The same page sent again, where the receipts are not kept any more. */
export function stoppedBeforePage(words: Words, club: string): Html {
  const { before } = words.letter;
  const body = html`<p class="notice good" role="status">${before.lead}</p>${lines(linesWithName(before.steps, club))}`;
  return framed(words, before.title, body);
}

const codeField = (code: string): Html => html`<input type="hidden" name="code" value="${code}">`;

/** `once`: of this page alone: a stop that is sent from it twice is recorded once. */
export function letterPage(
  all: Words,
  { code, once }: { readonly code: string; readonly once: string },
  view: LetterView,
): Html {
  const { letter } = all;
  const words = letter.facts;
  const { club, sender, onBehalfOf, told } = view;
  const purposes = letter.list(view.purposes.map(letter.purpose));
  const channels = letter.list(view.channels.map(letter.channel));
  const deciding = onBehalfOf.length === 0 ? [sender] : onBehalfOf;
  return framed(
    all,
    words.title,
    html`<p class="lead">${withName(words.lead, club)}</p>
${facts([
  fact(words.sender, heldApart(sender)),
  fact(words.behalf, onBehalfOf.length === 0 ? words.itself : withNames(letter.list, onBehalfOf)),
  fact(words.purpose, purposes),
  fact(words.channel, channels),
  fact(words.source, heldApart(club)),
  fact(words.released, words.releasedOn(view.releasedOn)),
])}
<section class="card"><h2>${words.stopTitle}</h2>
<p>${withNames((names) => words.stopLead(letter.list(names), `${purposes} ${channels}`), deciding)}</p>
<form method="post" action="/letter/stop">${codeField(code)}<input type="hidden" name="once" value="${once}"><button class="stop">${words.button}</button></form>
<p class="soft">${words.only} <a href="/auth/members/sign-in">${words.signIn}</a></p></section>
<h2>${words.told}</h2>
${told.length === 0 ? html`<p>${words.none}</p>` : html`<p>${words.toldLead}</p>`}
${told.map(({ quotes, consent, layers }, i) => {
  const whole =
    layers.length === 0
      ? html`<p class="soft">${letter.notice.upstream}</p>`
      : html`<form method="post" action="/letter/notice">${codeField(code)}<input type="hidden" name="notice" value="${i}"><button class="quiet">${words.notice}</button></form>`;
  return html`<div class="told">${quotes.map((quote) => html`<blockquote lang="en">${quote}</blockquote>`)}
${consent === null ? '' : html`<p>${words.ticked}</p><blockquote lang="en">${consent}</blockquote>`}${whole}</div>`;
})}`,
  );
}

export function letterNoticePage(words: Words, code: string, told: LetterView['told'][number]): Html {
  const { notice } = words.letter;
  const { layers, quotes, consent } = told;
  const marks = [...quotes, ...(consent === null ? [] : [consent])];
  return framed(
    words,
    notice.title,
    html`<p class="lead">${notice.lead}</p>
${layers.map(
  (text, i) =>
    html`<section class="card letter-notice">${layers.length === 1 ? '' : html`<h2>${notice.layer(i + 1)}</h2>`}<div lang="en">${noticeText(text, marks)}</div></section>`,
)}
<form method="post" action="/letter">${codeField(code)}<button class="plain">${notice.back}</button></form>`,
  );
}

/** `by`: the day by which those who have the details must have stopped. `again`: the code, where not all of it is recorded. */
export function letterStoppedPage(
  words: Words,
  {
    club,
    by,
    receipts,
    again,
  }: {
    readonly club: string;
    readonly by: CivilDate;
    readonly receipts: readonly ReceiptView[];
    readonly again: string | null;
  },
): Html {
  const { stopped } = words.letter;
  return framed(
    words,
    again === null ? stopped.title : words.problem.title.partly,
    html`${again === null ? html`<p class="notice good" role="status">${withName(stopped.lead, club)}</p>` : partlyStopped(words, club, again)}
${again === null ? html`<h2>${stopped.next}</h2>${lines(linesWithName((name) => stopped.steps(name, by), club))}` : ''}
<h2>${receipts.length === 1 ? stopped.receipt : stopped.receipts}</h2>
<p>${stopped.receiptLead}</p>
${receipts.map((receipt) => receiptBody(words, receipt, 3))}
<p class="soft">${stopped.member} <a href="/auth/members/sign-in">${words.letter.facts.signIn}</a></p>`,
    again !== null,
  );
}

/** Sent anew it is recorded anew: it has no value of the page that it came from. */
const partlyStopped = ({ problem }: Words, club: string, code: string): Html =>
  html`<p class="notice bad" role="alert">${problem.lead.partlyUnknown}</p>
${lines([problem.again.harmless, withName(problem.letter.write, club)])}
<form method="post" action="/letter/stop">${codeField(code)}<p class="actions"><button>${problem.again.button}</button></p></form>`;
