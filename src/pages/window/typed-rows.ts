/** What somebody had typed into a form, to be copied: each under the name of its field. */
import { html } from 'hono/html';
import { label } from '../../policy/vocab.ts';
import type { Words } from '../../words/words.ts';
import type { Html } from '../frame.ts';

/** By the names of the fields; of one that was ticked more than once, each. */
export type TypedFields = ReadonlyMap<string, readonly string[]>;
type Rows = readonly (readonly [name: Html | string, value: Html | string])[];

/** Which page of a form it was, and what it was of: nobody typed that. */
const ofForm = new Set(['once', 'step', 'version', 'deed', 'sure', 'asked', 'notice', 'code', 'lookUp']);

/** Of staff: all of it. A field without a name of its own is called as the form calls it. */
export function typedRows(words: Words, fields: TypedFields): Rows {
  const names = fieldNames(words);
  return [...fields]
    .filter(([name]) => !ofForm.has(name))
    .flatMap(([name, values]) => values.filter((value) => value.trim() !== '').map((value) => [name, value]))
    .map(([name = '', value = '']) => [
      names[name] ?? html`<code>${name}</code>`,
      name === 'value'
        ? inField(words.desk.ask.labels.value, value)
        : html`<span class="typed">${plainly(words, name, value)}</span>`,
    ]);
}

/** Of a member: their own words, and what a correction should say. */
export function ownTyped({ cases }: Words, fields: TypedFields): readonly Html[] {
  const typed = (name: string): readonly string[] =>
    (fields.get(name) ?? []).filter((text) => text.trim() !== '');
  return [
    ...typed('words').map((text) => html`<p class="typed">${text}</p>`),
    ...typed('value').map((value) => html`<p>${inField(cases.correct.value, value)}</p>`),
  ];
}

/** It may be the new name of who stays out of sight, and nobody can be asked here: it stands in a field, as it was typed. */
const inField = (label: string, value: string): Html =>
  html`<input readonly autocomplete="off" aria-label="${label}" value="${value}">`;

function fieldNames({ desk }: Words): Readonly<Record<string, string>> {
  const { ask, entry, find, letter, one, unmatched } = desk;
  const { surname, addressLine, postcode, email, phone, birthDate, source } = letter;
  const { kind, purpose, organisation, channel, consent, lifts } = entry.labels;
  return {
    ...{ surname, addressLine, postcode, email, phone, birthDate, source },
    ...{ kind, purpose, organisation, channel, consent, lifts },
    ...{ by: entry.by, signed: entry.signed, received: entry.received },
    ...{ words: ask.words, field: ask.labels.field, value: ask.labels.value, replyTo: unmatched.replyTo },
    ...{ reason: find.reason, record: find.record, outcome: one.outcome, 'words-end': one.endLabel },
    ...{ 'words-asked': one.askLabel, 'words-answered': one.replyLabel },
    ...{ 'words-extended': one.extendLabel, 'words-note': one.noteLabel },
  };
}

/** What was chosen of a list, in words. */
function plainly({ desk }: Words, name: string, value: string): string {
  const { asked, kinds, one, ways } = desk;
  const called: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>> = {
    by: ways,
    kind: { ...asked, ...kinds },
    outcome: { done: one.done, refused: one.refuse },
  };
  if (name === 'purpose') return desk.called(label(value));
  if (name === 'channel') return desk.channel(value);
  const found = Object.entries(called[name] ?? {}).find(([code]) => code === value)?.[1];
  return (typeof found === 'string' ? found : found?.[0]) ?? value;
}
