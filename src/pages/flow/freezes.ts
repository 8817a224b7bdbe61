/** Freezes: what stands, what stood, and how one is set. */
import { html } from 'hono/html';
import type { Page } from '../../app/flow/cursor.ts';
import type { FreezeView } from '../../app/flow/freeze.ts';
import type { Html } from '../frame.ts';
import { briefly, choice, deedForm, field, further, table } from './parts.ts';

export function freezesBody(shown: {
  readonly home: string;
  readonly freezes: Page<FreezeView>;
  readonly mayFreeze: boolean;
  readonly powers: ReadonlySet<FreezeView['frozenAs']>;
}): Html {
  const { home, freezes, mayFreeze, powers } = shown;
  return html`<p class="soft">A freeze holds for every decision that begins after it, and for every supply not yet fetched.</p>
${table(
  'Freezes, the latest first',
  freezes.items,
  [
    { head: 'Of', cell: ({ kind, subject }) => (subject === null ? kind : `${kind}: ${subject}`) },
    {
      head: 'Why',
      cell: ({ words, liftWords }) =>
        html`${words ?? ''}${liftWords === null ? '' : html` <span class="soft">Lifted: ${liftWords}</span>`}`,
    },
    {
      head: 'Set',
      cell: ({ frozen, frozenAs }) => html`${briefly(frozen)} <span class="soft">by an ${frozenAs}</span>`,
    },
    {
      head: 'State',
      cell: ({ lifted, freeze, frozenAs }) =>
        lifted !== null
          ? html`lifted ${briefly(lifted)}`
          : html`${html`<span class="tag bad">Standing</span>`}${mayFreeze && powers.has(frozenAs) ? deedForm({ action: `${home}/freezes/${freeze}/lift`, button: 'Lift', look: 'plain', body: field({ id: `words-${freeze}`, name: 'words', label: 'Why it is lifted', rows: 2 }) }) : ''}`,
    },
  ],
  'Nothing is frozen.',
)}
${further(`${home}/freezes`, freezes.next)}
${
  mayFreeze
    ? html`<h2>Freeze</h2>${deedForm({
        action: `${home}/freezes`,
        button: 'Freeze now',
        look: 'danger',
        body: html`${choice('kind', 'What', [
          ['everything', 'everything'],
          ['party', 'one party'],
          ['purpose', 'one purpose'],
        ])}
${field({ id: 'subject', label: 'Which party or purpose', help: 'An id such as acorn-toys, or a term such as dpv:DirectMarketing; nothing where everything is frozen', required: false })}
${field({ id: 'words', label: 'Why', rows: 3 })}`,
      })}`
    : ''
}`;
}
