/** What one party was told, the file to send it, and the form in which staff enter what it answered in another way. */
import { html } from 'hono/html';
import type { Page } from '../../app/flow/cursor.ts';
import type { FileSent } from '../../app/window/files-sent.ts';
import type { PassedOnView } from '../../app/window/list-passed-on.ts';
import type { Words } from '../../words/words.ts';
import { furtherOn } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import { askDay, askList } from './desk-parts.ts';
import { askOne, askText, askTick, type FormFault, faultSummary, stepForm } from './form-parts.ts';
import { canAnswer, listOf } from './passed-on-list.ts';
import { withName } from './with-name.ts';

export type PartyTyped = {
  readonly tasks: ReadonlySet<string>;
  /** A file that they answered whole; empty of none. */
  readonly upTo: string;
  /** The page of the list that the rows were chosen on; empty of the first. */
  readonly cursor: string;
  readonly answer: string;
  readonly words: string;
  readonly by: string;
  readonly on: string;
};

type Shown = {
  readonly home: string;
  readonly party: string;
  readonly name: string;
  /** Somebody acts for it here. */
  readonly acts: boolean;
  readonly files: readonly FileSent[];
  readonly items: Page<PassedOnView>;
  readonly mayEnter: boolean;
  readonly typed: PartyTyped;
  readonly faults: readonly FormFault[];
};

export function partyBody(words: Words, shown: Shown): Html {
  const { passedOn, letter } = words;
  const { home, party, name, acts, files, items, mayEnter, typed, faults } = shown;
  const here = `${home}/passed-on/of/${encodeURIComponent(party)}`;
  const further = furtherOn(passedOn.further, here, items.next);
  const list = (by: 'staff' | 'nobody'): Html =>
    listOf(passedOn, items.items, by === 'staff' ? { by, chosen: typed.tasks } : { by, home });
  const back = html`<p><a href="${home}/passed-on">${passedOn.all}</a></p>`;
  const lead = html`<p>${withName(passedOn.party.lead, name)}</p>`;
  if (!mayEnter || !(files.length > 0 || items.items.some(canAnswer)))
    return html`${lead}${list('nobody')}${further}${back}`;
  return html`${faultSummary(
    letter.problem,
    faults.map((fault) => linked(fault, files.length > 0)),
  )}${lead}
<p>${acts ? passedOn.party.somebodyActs : passedOn.party.nobodyActs}</p>
<p><a href="${here}/codes.csv">${passedOn.party.file}</a></p>
<p class="soft">${acts ? passedOn.party.fileHelpActs : passedOn.party.fileHelp}</p>
${stepForm(`${here}/answers`, { cursor: typed.cursor }, html`${list('staff')}${fieldsOf(passedOn, { acts, files, typed, faults })}`, passedOn.party.button)}
${further}${back}`;
}

/** Rows are chosen in the list, which is above all that can be wrong; files only where there are some. */
const linked = ({ field, text }: FormFault, hasFiles: boolean): FormFault => ({
  field: field === 'tasks' || (field === 'upTo' && !hasFiles) ? 'main' : field,
  text,
});

function fieldsOf(
  { party: words, answerStaff }: Words['passedOn'],
  { acts, files, typed: form, faults }: Pick<Shown, 'acts' | 'files' | 'typed' | 'faults'>,
): Html {
  const { upTo, answer, words: typed, by, on } = form;
  const answers = (['done', 'not-held', 'refused'] as const).map((value) => ({
    value,
    text: answerStaff(value),
  }));
  const ways = (['phone', 'letter', 'email'] as const).map((value) => ({ value, text: words.ways[value] }));
  const why = { id: 'words', label: words.words, help: words.wordsHelp, value: typed, rows: 3, most: 1_000 };
  const unchosen = faults.find(({ field }) => field === 'tasks');
  return html`<h2>${words.formTitle}</h2>
${unchosen === undefined ? '' : html`<p class="passed-on-fault">${unchosen.text}</p>`}
${
  files.length === 0
    ? ''
    : askList(
        { id: 'upTo', label: words.upTo, help: words.upToHelp, value: upTo },
        words.upToNone,
        files.map((file) => ({ value: file.upTo, text: words.fileOf(file.at, file.number) })),
        faults,
      )
}
${askOne('answer', words.answer, answers, faults, answer)}
${askText(why, faults)}
${askOne('by', words.by, ways, faults, by)}
${askDay({ id: 'on', label: words.on, help: words.onHelp, value: on }, faults)}
${acts ? askTick('allTheSame', 'yes', words.allTheSame, faults) : ''}
<p class="soft">${words.kept}</p>`;
}
