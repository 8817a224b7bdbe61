/** In place of what a form would have done: whoever sent it was signed out meanwhile. What they typed is shown again. */
import { html } from 'hono/html';
import type { Words } from '../words/words.ts';
import { type Html, pageIn } from './frame.ts';
import { answers } from './window/form-parts.ts';
import { ownTyped, type TypedFields, typedRows } from './window/typed-rows.ts';

export type NotSent = {
  readonly kind: 'member' | 'staff';
  readonly signIn: string;
  readonly typed: TypedFields;
};

export function notSentPage(words: Words, { kind, signIn, typed }: NotSent): Html {
  const { lost } = words.signIn;
  return pageIn(words, {
    title: lost.title,
    actor: null,
    faulty: true,
    narrow: true,
    body: html`<p class="notice bad" role="alert">${lost.unsent}</p>
<p>${kind === 'staff' ? lost.whyStaff : lost.why}</p>
<p class="actions"><a class="button" href="${signIn}">${lost.again}</a></p>
${kind === 'staff' ? allTyped(words, typed) : ownPart(words, typed)}`,
  });
}

function ownPart(words: Words, typed: TypedFields): Html | '' {
  const texts = ownTyped(words, typed);
  return texts.length === 0
    ? ''
    : html`<section class="card"><p>${words.details.none.typed}</p>${texts}</section>`;
}

function allTyped(words: Words, typed: TypedFields): Html | '' {
  const rows = typedRows(words, typed);
  if (rows.length === 0) return '';
  return html`<section class="card"><p>${words.signIn.lost.typed}</p>${answers(rows)}</section>`;
}
