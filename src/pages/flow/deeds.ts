/** What was done and tried, by whom. */
import { html } from 'hono/html';
import type { Page } from '../../app/flow/cursor.ts';
import type { DeedView } from '../../app/flow/list-deeds.ts';
import type { Html } from '../frame.ts';
import { briefly, further, table } from './parts.ts';

export const deedsBody = (
  home: string,
  deeds: Page<DeedView>,
  names: (actor: string) => string,
): Html => html`${table(
  'Deeds, the latest first',
  deeds.items,
  [
    { head: 'When', cell: ({ at }) => briefly(at) },
    { head: 'Who', cell: ({ actor }) => names(actor) },
    { head: 'What', cell: ({ useCase }) => useCase },
    { head: 'About', cell: ({ subject }) => html`${subject === null ? '' : html`<code>${subject}</code>`}` },
    { head: 'Outcome', cell: ({ outcome }) => outcome },
  ],
  'Nothing was done yet.',
)}
${further(`${home}/deeds`, deeds.next)}`;
