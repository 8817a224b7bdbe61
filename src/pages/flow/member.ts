/** What a member sees: what is recorded of what they said, and one button that stops everything. */
import { html } from 'hono/html';
import type { z } from 'zod';
import type { ownPreferencesView } from '../../app/flow/list-own-preferences.ts';
import type { Html } from '../frame.ts';
import { briefly, deedForm, table } from './parts.ts';

const wide = (scope: string): string => (scope === 'all' ? 'everything' : scope);

export function memberBody(shown: {
  readonly home: string;
  readonly club: string;
  readonly own: z.output<typeof ownPreferencesView>;
}): Html {
  const { home, club, own } = shown;
  const sources = [...new Set(own.records.map(({ source }) => source))];
  return html`<p>${club} holds ${own.records.length === 1 ? 'one record' : `${own.records.length} records`} with your e-mail address.</p>
${sources.map((source) =>
  deedForm({
    action: `${home}/stop`,
    button: 'Stop all use of my details',
    look: 'danger',
    hidden: { source },
    body: html`<p>From then on ${club} passes your details to nobody and does not write to you. You get a receipt that holds against it.</p>`,
  }),
)}
${table(
  'What you have said',
  own.items,
  [
    { head: 'When', cell: ({ said }) => (said === null ? '' : briefly(said.logged)) },
    { head: 'What', cell: ({ said }) => (said === null ? 'erased' : said.kind) },
    { head: 'Of', cell: ({ said }) => (said === null ? '' : wide(said.purpose)) },
    {
      head: 'Receipt',
      cell: ({ event }) => html`<a href="${home}/receipts/${event}">${event}</a>`,
    },
  ],
  'Nothing is recorded of what you said.',
)}`;
}
