/** A letter that is surely of somebody who is here: it is offered to be entered as theirs, with what was typed. */
import { html } from 'hono/html';
import { type LookedUp, mostFound } from '../../app/window/write-look-up.ts';
import type { Html } from '../frame.ts';
import { type DeskPlace, personRows, type Typed } from './desk-find.ts';
import { answers, stepForm } from './form-parts.ts';

/** Above the answers to check. `looked` null: nobody may be shown now. */
export function sureBody({ words, home }: DeskPlace, looked: LookedUp | null, typed: Typed): Html {
  const { letter } = words;
  return html`<section class="notice plain"><h2>${letter.sure}</h2>
${looked === null ? html`<p>${letter.sureUnseen}</p>` : looked.more ? html`<p>${letter.sureMore(mostFound)}</p>` : html`<p>${letter.sureLead}</p>`}
${looked === null || looked.more ? html`<p><a href="${home}/desk/find">${letter.find}</a></p>` : ''}</section>
${
  looked === null || looked.more
    ? ''
    : looked.people.map(
        (person) => html`<section class="card"><h3>${words.found.choose(person.number)}</h3>
${person.safe ? html`<p class="notice bad">${words.person.safe}</p>` : ''}
${answers(personRows(words, person))}
${stepForm(`${home}/desk/found/${looked.lookUp}/${person.number}/say`, { ...said(typed), step: 'check' }, html``, letter.theirs(person.number))}</section>`,
      )
}
<h2>${letter.sureNone}</h2>`;
}

/** What they said, and when: who they are is known by the record. */
function said({ kind = '', purpose = '', organisation = '', channel = '', consent = '', ...typed }: Typed) {
  const { by = '', signed = '', received = '' } = typed;
  return { kind, purpose, organisation, channel, consent, by, signed, received };
}
