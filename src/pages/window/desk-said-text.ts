/** What somebody said, as the desk reads it: a yes in its words, a stop taken back as that stop. */
import { html } from 'hono/html';
import type { SaidItem } from '../../app/window/said-of.ts';
import type { Words } from '../../words/words.ts';
import type { Html } from '../frame.ts';
import { heldApart, withPart } from './with-name.ts';

type DeskWords = Words['desk'];

export function saidAbout(
  words: DeskWords,
  { kind, scope, wording, notice, lifts }: SaidItem,
): Html | string {
  const { person } = words;
  if (kind === 'consent') return wording === null ? person.unkept(notice) : quoted(wording);
  if (scope === null) return withPart(person.lifted, html`<code>${lifts ?? ''}</code>`);
  const yes = wording === null ? '' : html`<br><span class="soft">${person.ofYes} ${quoted(wording)}</span>`;
  return html`${scopeOf(words, scope)}${yes}`;
}

const quoted = (wording: string): Html => html`<q lang="en">${wording}</q>`;

/** One part of a choice, without its words. */
export function scopeOf(words: DeskWords, scope: NonNullable<SaidItem['scope']>): Html {
  const { purpose, organisation, channel, field } = scope;
  const parts = [
    ...(purpose === null ? [] : [words.called(purpose)]),
    ...(organisation === null ? [] : [heldApart(organisation)]),
    ...(channel === null ? [] : [words.channel(channel)]),
    ...(field === null ? [] : [words.called(field)]),
  ];
  if (parts.length === 0) return html`${words.person.everything}`;
  return html`${parts.map((part, i) => html`${i === 0 ? '' : ', '}${part}`)}`;
}
