/** Finding somebody at the desk, who was found, and one of them. */
import { html } from 'hono/html';
import type { Found } from '../../app/window/find-person.ts';
import type { PersonFound } from '../../app/window/person-found.ts';
import type { PersonView } from '../../app/window/person-shown.ts';
import type { Words } from '../../words/words.ts';
import { folded, table } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import { casesTable } from './desk-cases.ts';
import { askDay } from './desk-parts.ts';
import { saidAbout } from './desk-said-text.ts';
import { answers, askText, type FormFault, faultSummary, stepForm, wayBack } from './form-parts.ts';
import { apart, withPart } from './with-name.ts';

export type DeskPlace = { readonly words: Words['desk']; readonly home: string };
export type Typed = Readonly<Record<string, string>>;

export function findBody(
  { words, home }: DeskPlace,
  typed: Typed,
  faults: readonly FormFault[],
  may: { readonly enter: boolean },
): Html {
  const { find } = words;
  const line = (id: 'record' | 'email' | 'phone' | 'surname' | 'postcode', most: number): Html =>
    askText({ id, label: find[id], value: typed[id] ?? '', most }, faults);
  const form = html`${askText({ id: 'reason', label: find.reason, help: find.reasonHelp, value: typed.reason ?? '', most: 300 }, faults)}
<fieldset><legend>${find.by}</legend><p class="help">${find.byHelp}</p>
${line('email', 200)}${line('phone', 40)}${line('surname', 100)}${line('postcode', 20)}
${askDay({ id: 'birthDate', label: find.birthDate, value: typed.birthDate ?? '' }, faults)}${line('record', 200)}</fieldset>`;
  return html`${faultSummary(words.problem, faults)}
<p>${find.lead}</p>
${stepForm(`${home}/desk/find`, {}, form, find.button)}
${may.enter ? html`<p>${find.letter} <a href="${home}/desk/letter">${find.letterLink}</a></p>` : ''}
${wayBack(`${home}/desk`, words.back)}`;
}

export function foundBody(
  { words, home }: DeskPlace,
  { lookUp, people, more }: Found,
  may: { readonly enter: boolean; readonly open: boolean },
): Html {
  const { found } = words;
  const asks = people.length === 0 ? found.askNone : found.ask;
  const { columns } = found;
  const shown = table(
    found.caption,
    people,
    [
      {
        head: columns.who,
        cell: ({ number }) =>
          html`<a href="${home}/desk/found/${lookUp}/${number}">${found.choose(number)}</a>`,
      },
      { head: columns.name, cell: ({ safe, name }) => (safe ? found.safe : apart(known([name]))) },
      { head: columns.address, cell: ({ address, postcode }) => apart(known([address, postcode])) },
      { head: columns.contact, cell: ({ email, phone }) => apart(known([email, phone])) },
      { head: columns.born, cell: ({ birthDate }) => (birthDate === null ? '' : words.moment(birthDate)) },
    ],
    more ? found.more : `${found.none} ${found.noneNext}`,
  );
  return html`${people.length === 0 ? '' : html`<p>${found.until}</p>`}
${shown}
${people.length === 0 && may.enter ? html`<p>${found.stop} <a href="${home}/desk/letter">${found.stopLink}</a></p>` : ''}
${may.open ? html`<p>${asks} <a href="${home}/desk/looked/${lookUp}/ask">${found.askLink}</a></p>` : ''}
<p class="actions"><a class="button plain" href="${home}/desk/find">${found.again}</a></p>
${wayBack(`${home}/desk`, words.back)}`;
}

/** Each is as somebody wrote it: none turns round what stands beside it. */
const known = (parts: readonly (string | null)[]): readonly string[] => parts.filter((part) => part !== null);

export function personRows(
  words: Words['desk'],
  person: PersonView,
): readonly (readonly [string, Html | string])[] {
  const { person: said } = words;
  if (person.safe) return [[said.record, person.record]];
  const or = (...parts: readonly (string | null)[]): Html | string =>
    parts.every((part) => part === null) ? said.nothing : apart(known(parts));
  return [
    [said.name, or(person.name)],
    [said.address, or(person.address, person.postcode)],
    [said.email, or(person.email)],
    [said.phone, or(person.phone)],
    [said.born, person.birthDate === null ? said.nothing : words.moment(person.birthDate)],
    [said.record, person.record],
  ];
}

export function personBody(
  { words, home }: DeskPlace,
  { person, said, erased, asked }: PersonFound,
  at: string,
  may: { readonly enter: boolean; readonly setSafe: boolean },
): Html {
  const { person: text } = words;
  const receipt = (item: PersonFound['said'][number], event: string): Html =>
    person.safe
      ? html`${text.noPost} <code>${event}</code>`
      : html`<a href="${home}/receipts/${event}">${text.print}<span class="hidden">${withPart(text.printOf, html`${words.said[item.kind] ?? ''}, ${saidAbout(words, item)}`)}</span></a>`;
  return html`${person.safe ? html`<p class="notice bad">${text.safe}</p>` : ''}
${answers(personRows(words, person))}
${
  may.enter
    ? html`<p class="actions"><a class="button" href="${home}${at}/say">${text.say}</a> <a class="button plain" href="${home}${at}/ask">${text.ask}</a></p>`
    : ''
}
${table(
  text.said,
  said,
  [
    {
      head: text.columns.when,
      cell: ({ at: day, signed }) =>
        html`${day === null ? '' : words.moment(day)}${signed === null ? '' : html`<br><span class="soft">${text.signed(signed)}</span>`}`,
    },
    { head: text.columns.what, cell: ({ kind }) => words.said[kind] ?? kind },
    { head: text.columns.of, cell: (item) => saidAbout(words, item) },
    {
      head: text.columns.how,
      cell: ({ where, by }) => (where === 'here' ? (words.ways[by ?? ''] ?? by ?? '') : text.where[where]),
    },
    {
      head: text.columns.receipt,
      cell: (item) =>
        item.where === 'here' && item.event !== null ? receipt(item, item.event) : text.noReceipt,
    },
  ],
  text.saidNone,
)}
${erased.length === 0 ? '' : html`<p>${text.erasedAll}</p><ul>${erased.map((event) => html`<li>${person.safe ? html`<code>${event}</code>` : html`<a href="${home}/receipts/${event}"><code>${event}</code></a>`}</li>`)}</ul>`}
${casesTable({ words, home }, asked, { caption: text.asked, none: text.askedNone })}
${may.setSafe ? safeForm(text, `${home}${at}/safe`, person.safe) : ''}
${wayBack(`${home}/desk`, words.back)}`;
}

const safeForm = (text: Words['desk']['person'], action: string, set: boolean): Html =>
  set
    ? folded(
        text.clearSafe,
        html`<p>${text.clearSafeHelp}</p>${stepForm(action, { safe: 'no' }, html``, text.clearSafeButton, 'plain')}`,
      )
    : folded(
        text.setSafe,
        html`<p>${text.setSafeHelp}</p>${stepForm(action, { safe: 'yes' }, html``, text.setSafeButton, 'plain')}`,
      );
