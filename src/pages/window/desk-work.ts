/** What is to be done at the desk, with its clocks: requests, and letters of nobody known; and who looked for whom. */
import { html } from 'hono/html';
import type { CaseView } from '../../app/window/case-row.ts';
import type { LookUpView } from '../../app/window/list-look-ups.ts';
import type { Unresolved } from '../../app/window/list-unresolved.ts';
import type { UnresolvedSeen } from '../../app/window/look-at-unresolved.ts';
import { furtherOn, table } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import { casesTable, clockCell } from './desk-cases.ts';
import { type DeskPlace, personRows, type Typed } from './desk-find.ts';
import { tick } from './desk-parts.ts';
import { answers, askText, type FormFault, faultSummary, stepForm, wayBack } from './form-parts.ts';
import { timeOf } from './time-of.ts';
import { heldApart } from './with-name.ts';

type Listed<T> = { readonly items: readonly T[]; readonly next: string | null };

export function deskBody(
  place: DeskPlace,
  shown: {
    readonly cases: Listed<CaseView> | null;
    readonly letters: Listed<Unresolved> | null;
    readonly may: { readonly find: boolean; readonly enter: boolean; readonly lookUps: boolean };
  },
): Html {
  const { words, home } = place;
  const { cases, letters, may } = shown;
  const links = [
    ...(may.find ? [html`<a class="button" href="${home}/desk/find">${words.find.title}</a>`] : []),
    ...(may.enter ? [html`<a class="button plain" href="${home}/desk/letter">${words.work.letter}</a>`] : []),
    ...(may.lookUps
      ? [html`<a class="button plain" href="${home}/desk/look-ups">${words.work.lookUps}</a>`]
      : []),
  ];
  return html`<p class="actions">${links}</p>
<h2>${words.work.title}</h2>
${cases === null ? '' : html`${casesTable(place, cases.items, { caption: words.work.cases, none: words.work.none })}${cases.next === null ? '' : wayBack(`${home}/desk/cases`, words.work.all)}${wayBack(`${home}/desk/ended`, words.work.ended)}`}
${letters === null ? '' : html`${lettersTable(place, letters.items, may)}${letters.next === null ? '' : wayBack(`${home}/desk/unresolved`, words.work.allLetters)}`}`;
}

/** To look at one is to look for people. */
type MayFind = { readonly find: boolean };

function lettersTable({ words, home }: DeskPlace, letters: readonly Unresolved[], may: MayFind): Html {
  const { caption, none, columns } = words.unresolved;
  return table(
    caption,
    letters,
    [
      {
        head: columns.what,
        cell: ({ event, kind, by }) => {
          const what = words.said[kind] ?? kind;
          return html`${may.find ? html`<a href="${home}/desk/unresolved/${event}">${what}</a>` : what} <span class="soft">${words.ways[by] ?? by}</span>`;
        },
      },
      { head: columns.received, cell: ({ received }) => words.moment(received) },
      {
        head: columns.due,
        cell: ({ due, overdue }) => clockCell(overdue ? words.clock.overdue(due) : words.date(due), overdue),
      },
      { head: columns.held, cell: ({ plausible }) => words.people(plausible) },
    ],
    none,
  );
}

export const casesBody = (place: DeskPlace, { items, next }: Listed<CaseView>): Html =>
  html`${casesTable(place, items, { caption: place.words.work.cases, none: place.words.work.none })}${furtherOn(place.words.further, `${place.home}/desk/cases`, next)}${wayBack(`${place.home}/desk/ended`, place.words.work.ended)}${wayBack(`${place.home}/desk`, place.words.back)}`;

export const endedCasesBody = (place: DeskPlace, { items, next }: Listed<CaseView>): Html =>
  html`${casesTable(place, items, { caption: place.words.work.ended, none: place.words.work.noneEnded })}${furtherOn(place.words.further, `${place.home}/desk/ended`, next)}${wayBack(`${place.home}/desk/cases`, place.words.work.cases)}`;

export const lettersBody = (place: DeskPlace, { items, next }: Listed<Unresolved>, may: MayFind): Html =>
  html`<p>${place.words.unresolved.lead}</p>${lettersTable(place, items, may)}${furtherOn(place.words.further, `${place.home}/desk/unresolved`, next)}${wayBack(`${place.home}/desk`, place.words.back)}`;

export function lookUpsBody(
  { words, home }: DeskPlace,
  { items, next }: Listed<LookUpView>,
  nameOf: (id: string) => string,
): Html {
  const { lookUps } = words;
  const { columns } = lookUps;
  return html`<p>${lookUps.lead}</p>
${table(
  lookUps.caption,
  items,
  [
    { head: columns.at, cell: ({ at }) => timeOf(at, words.brief) },
    { head: columns.by, cell: ({ by }) => heldApart(nameOf(by)) },
    { head: columns.reason, cell: ({ reason }) => (reason === '' ? lookUps.erased : heldApart(reason)) },
    { head: columns.with, cell: (one) => one.with.map((kind) => lookUps.with[kind] ?? kind).join(', ') },
    { head: columns.found, cell: ({ found }) => (found > 20 ? '20+' : String(found)), number: true },
  ],
  lookUps.none,
)}${furtherOn(words.further, `${home}/desk/look-ups`, next)}${wayBack(`${home}/desk`, words.back)}`;
}

/** `ticked`: record ids, which a number of a look-up is not for long. */
export type TypedOfLetter = { readonly fields: Typed; readonly ticked: ReadonlySet<string> };

/** `scope`: of what the stop is, in words. */
export function unresolvedBody(
  { words, home }: DeskPlace,
  { stop, found }: UnresolvedSeen,
  scope: Html,
  typed: TypedOfLetter,
  faults: readonly FormFault[],
  may: { readonly resolve: boolean },
): Html {
  const { unresolved, letter, person } = words;
  const { details } = stop;
  const came = (['surname', 'addressLine', 'postcode', 'email', 'phone', 'birthDate'] as const).flatMap(
    (part) => {
      const value = details[part];
      return value === null ? [] : [[letter[part], heldApart(value)] as const];
    },
  );
  const whom = found.people.map((each) => {
    const shown = personRows(words, each).flatMap(([, value]) => (value === person.nothing ? [] : [value]));
    const parts: readonly (Html | string)[] = each.safe ? [words.found.safe, each.record] : shown;
    const text = html`${parts.map((part, i) => html`${i === 0 ? '' : ', '}${part}`)}`;
    const ticked = typed.ticked.has(each.record);
    return may.resolve ? tick('whose', String(each.number), text, undefined, ticked) : html`<p>${text}</p>`;
  });
  const none = found.more ? unresolved.mayMore : unresolved.mayNone;
  const people = found.people.length === 0 ? html`<p class="empty">${none}</p>` : null;
  const { nobody = '', record = '', words: known = '' } = typed.fields;
  const form = html`<fieldset><legend>${unresolved.may}</legend>
${faults.filter(({ field }) => field === 'nobody').map(({ text }) => html`<p class="fault">${text}</p>`)}
${people ?? html`<p class="help">${unresolved.whose}</p>${whom}`}
${found.more ? '' : tick('nobody', 'yes', unresolved.sure, 'nobody', nobody === 'yes')}</fieldset>
${found.more || record !== '' ? askText({ id: 'record', label: unresolved.record, help: unresolved.recordHelp, value: record, most: 200 }, faults) : ''}
${askText({ id: 'words', label: unresolved.words, help: unresolved.wordsHelp, value: known, rows: 3, most: 2000 }, faults)}`;
  return html`${faultSummary(words.problem, faults)}
<h2>${unresolved.came}</h2>
${answers([
  ...came,
  [unresolved.columns.what, html`${words.said[stop.type] ?? stop.type}: ${scope}`],
  [person.columns.how, words.ways[stop.receivedBy] ?? stop.receivedBy],
  [words.entry.signed, words.moment(stop.signed)],
  [words.entry.received, words.moment(stop.received)],
])}
${
  may.resolve
    ? html`${stepForm(`${home}/desk/unresolved/${stop.event}`, { lookUp: found.lookUp }, form, unresolved.button)}
<p class="soft">${unresolved.effect}</p>`
    : html`<h2>${unresolved.may}</h2>${people ?? whom}<p class="soft">${unresolved.forSteward}</p>`
}
${wayBack(`${home}/desk/unresolved`, words.back)}`;
}

/** Of a letter that cannot be looked at any more: what was typed of it is not lost. */
export const letterKeptBody = ({ words, home }: DeskPlace, typed: string): Html =>
  html`${answers([[words.unresolved.typed, html`<span class="typed">${typed}</span>`]])}${wayBack(`${home}/desk/unresolved`, words.back)}`;
