/** A request as the staff work on it: what was said, its clock, its steps, and what may be done with it. */
import { html } from 'hono/html';
import { heldDays } from '../../app/flow/contact-changes.ts';
import type { ShownCase } from '../../app/window/show-case.ts';
import { folded } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import { correctionText } from './cases.ts';
import { casesTable, clockCell, clockText } from './desk-cases.ts';
import type { DeskPlace, Typed } from './desk-find.ts';
import {
  answers,
  askOne,
  askText,
  type FormFault,
  faultSummary,
  lines,
  stepForm,
  wayBack,
} from './form-parts.ts';
import { timeOf } from './time-of.ts';
import { heldApart } from './with-name.ts';

export const caseDeeds = ['acknowledged', 'asked', 'answered', 'extended', 'note'] as const;
export type DeskDeed = (typeof caseDeeds)[number] | 'end';

export type CaseShown = {
  readonly one: ShownCase;
  readonly may: Readonly<Record<'answer' | 'end' | 'receipt' | 'find', boolean>>;
  readonly label: (field: string) => string;
  readonly nameOf: (id: string) => string;
  readonly typed: Typed;
  readonly faults: readonly FormFault[];
};

export function deskCaseBody(place: DeskPlace, shown: CaseShown): Html {
  const { words, home } = place;
  const { one, may, label, nameOf, faults } = shown;
  const text = words.one;
  return html`${faultSummary(words.problem, faults)}
${one.safe ? html`<p class="notice bad">${words.person.safe}</p>` : ''}
${one.mailGivenUp ? html`<p class="notice bad">${text.mailGivenUp}</p>` : ''}
${one.addressHeld ? html`<p class="notice bad">${text.addressHeld(heldDays)}</p>` : ''}
${answers([
  [text.what, `${words.asked[one.kind]} (${text.legal[one.kind]})`],
  [text.record, one.record ?? noRecordText(text, one, may)],
  [text.how, words.ways[one.by] ?? one.by],
  [text.received, words.date(one.received)],
  ...(one.signed === null ? [] : [[text.signed, words.date(one.signed)] as const]),
  [text.clock, clockCell(clockText(words, one), one.due.overdue)],
  ...(one.said.field === null
    ? []
    : [[text.said, correctionText(text.correction, label(one.said.field), one.said.value)] as const]),
  ...(one.said.words === null
    ? []
    : [[text.said, html`<span class="typed">${one.said.words}</span>`] as const]),
  ...(one.replyTo === null ? [] : [[text.replyTo, html`<span class="typed">${one.replyTo}</span>`] as const]),
])}
${one.kind === 'access' && one.record !== null && may.end ? html`<p><a class="button plain" href="${home}/copy/pdf?case=${one.case}">${text.copy}</a></p>` : ''}
${one.isUnmatched && one.ended === null ? html`<p class="notice plain">${words.unmatched.standing}</p>` : ''}
${receiptsOf(one).map((event) => receiptLine(place, event, one.safe, may.receipt))}
${one.stops.map((stop) => stopLine(place, stop, may.find))}
${one.answer === null ? '' : html`<section class="card"><h2>${text.answer}</h2><p class="typed">${one.answer}</p></section>`}
${one.others.length === 0 ? '' : othersPart(place, one.others)}
${one.ended === null ? forms(place, shown) : ''}
<h2>${text.steps}</h2>
<ol class="steps">${one.steps.map(
    ({ deed, side, by, at, words: said }) =>
      html`<li><p><strong>${text.deeds[deed]}</strong> <span class="soft">${timeOf(at, words.brief)}, ${side === 'person' ? text.theirs : by === null ? '' : heldApart(nameOf(by))}</span></p>${said === null ? '' : html`<p class="typed">${said}</p>`}</li>`,
  )}</ol>
${wayBack(`${home}/desk`, words.back)}`;
}

/** To whoever answers it is shown, while there is one; an erasure leaves none. */
const noRecordText = (
  text: DeskPlace['words']['one'],
  { isUnmatched }: ShownCase,
  may: CaseShown['may'],
): string => (isUnmatched ? text.unknown : may.answer || may.end ? text.erased : text.notShown);

const othersPart = (place: DeskPlace, others: ShownCase['others']): Html =>
  html`<p class="notice plain">${place.words.one.othersLead}</p>
${casesTable(place, others, { caption: place.words.one.others, none: '' })}`;

const receiptsOf = ({ event, stops }: ShownCase): readonly string[] =>
  stops.length > 0 ? stops.map((stop) => stop.event) : event === null ? [] : [event];

/** Of nobody known: whoever may look for people is led to where it is said whose it is. */
function stopLine(
  { words, home }: DeskPlace,
  { event, waits }: ShownCase['stops'][number],
  mayFind: boolean,
): Html {
  const { unmatched } = words;
  if (!waits) return html`<p>${unmatched.settled}</p>`;
  const link = html` <a href="${home}/desk/unresolved/${event}">${unmatched.waits}</a>`;
  return html`<p>${unmatched.waiting}${mayFind ? link : ''}</p>`;
}

/** Of who stays out of sight it is not printed to be posted. */
const receiptLine = ({ words, home }: DeskPlace, event: string, safe: boolean, mayRead: boolean): Html =>
  mayRead && !safe
    ? html`<p><a href="${home}/receipts/${event}">${words.one.receipt}</a></p>`
    : html`<p>${words.one.receipt}: ${safe ? html`${words.person.noPost} ` : ''}<code>${event}</code></p>`;

function forms({ words, home }: DeskPlace, { one, may, typed, faults }: CaseShown): Html {
  const text = words.one;
  const { readable, acknowledgeHelp } = one.isUnmatched ? words.unmatched : text;
  const wordsOf = (deed: DeskDeed, label: string): Html =>
    askText(
      {
        ...{ id: `words-${deed}`, label, help: readable, rows: 3, most: deed === 'end' ? 2000 : 4000 },
        value: typed.deed === deed ? (typed[`words-${deed}`] ?? '') : '',
      },
      faults,
    );
  const form = (deed: DeskDeed, body: Html, button: string, look: '' | 'danger' = ''): Html =>
    stepForm(`${home}/desk/cases/${one.case}`, { deed, version: String(one.version) }, body, button, look);
  const fold = (deed: DeskDeed, title: string, help: string | null, body: Html): Html =>
    folded(title, html`${help === null ? '' : html`<p>${help}</p>`}${body}`, typed.deed === deed);
  const waits = one.state === 'waiting';
  return html`${
    may.answer
      ? html`${one.acknowledged === null ? fold('acknowledged', text.acknowledge, acknowledgeHelp, form('acknowledged', html``, text.send)) : ''}
${
  waits
    ? fold('answered', text.reply, null, form('answered', wordsOf('answered', text.replyLabel), text.send))
    : fold('asked', text.ask, text.askHelp, form('asked', wordsOf('asked', text.askLabel), text.send))
}
${one.mayExtend ? fold('extended', text.extend, text.extendHelp, form('extended', wordsOf('extended', text.extendLabel), text.send)) : ''}
${fold('note', text.note, null, form('note', wordsOf('note', text.noteLabel), text.send))}`
      : ''
  }${may.end ? fold('end', text.end, endHelp(words, one), form('end', endFields(words, one, typed, faults, wordsOf('end', text.endLabel)), text.endButton, 'danger')) : ''}`;
}

function endHelp({ one: text, unmatched }: DeskPlace['words'], { kind, isUnmatched }: ShownCase): string {
  const help = isUnmatched ? unmatched.endHelp : text.endHelp;
  return kind === 'erasure' ? `${help} ${isUnmatched ? unmatched.endErasure : text.erases}` : help;
}

function endFields(
  { one, unmatched }: DeskPlace['words'],
  { isUnmatched }: ShownCase,
  typed: Typed,
  faults: readonly FormFault[],
  said: Html,
): Html {
  const { regulator } = isUnmatched ? unmatched : one;
  const options = [
    { value: 'done', text: one.done },
    { value: 'refused', text: one.refuse, help: regulator },
  ];
  return html`${askOne('outcome', one.outcome, options, faults, typed.outcome ?? '')}${said}`;
}

/** Of an erasure: what is left is told by the use case, in English. */
export function endedBody(
  { words, home }: DeskPlace,
  {
    request,
    leftToDo,
    mailed,
    addressHeld,
    replyTo,
  }: {
    readonly request: string;
    readonly leftToDo: readonly string[];
    readonly mailed: boolean;
    /** Why no mail went: the address was changed of late. */
    readonly addressHeld: boolean;
    /** Of somebody in no record. */
    readonly replyTo: string | null;
  },
): Html {
  const { one, unmatched } = words;
  const told = html`<p>${mailed ? one.mailed : addressHeld ? one.addressHeld(heldDays) : one.unmailed}</p>`;
  return html`${replyTo === null ? told : html`<p>${unmatched.answerAt}</p><p class="typed">${replyTo}</p>`}
${leftToDo.length === 0 ? '' : html`<h2>${one.left}</h2><p>${one.leftLead}</p><div lang="en">${lines(leftToDo)}</div>`}
${wayBack(`${home}/desk/cases/${request}`, one.toRequest)}
${wayBack(`${home}/desk`, words.back)}`;
}
