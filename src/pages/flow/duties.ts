/** What follows from a release, by party: claimed by those who owe it, never said to be done. */
import { html } from 'hono/html';
import type { Page } from '../../app/flow/cursor.ts';
import type { DutyView } from '../../app/flow/list-duties.ts';
import { day } from '../../policy/figures.ts';
import type { Html } from '../frame.ts';
import { briefly, deedForm, field, folded, further, stateTag, table } from './parts.ts';

export const dutyTable = (home: string, caption: string, duties: readonly DutyView[], none: string): Html =>
  table(
    caption,
    duties,
    [
      {
        head: 'What',
        cell: ({ what, release }) => (release === null ? what : what.replace(` of release ${release}`, '')),
      },
      { head: 'Who', cell: ({ party }) => party },
      {
        head: 'Of',
        cell: ({ release, agreement }) =>
          release === null
            ? `agreement ${agreement ?? ''}`
            : html`<a href="${home}/releases/${release}">${release}</a>`,
      },
      { head: 'By', cell: ({ due }) => day(due) },
      {
        head: 'State',
        cell: ({ state, claimed }) =>
          html`${stateTag(state)}${claimed === null ? '' : html` <span class="soft">${briefly(claimed)}</span>`}`,
      },
    ],
    none,
  );

export function dutiesBody(shown: {
  readonly home: string;
  readonly duties: Page<DutyView>;
  readonly mayAttest: boolean;
  /** Who reads it owes them; else they are others', whose word is entered for them. */
  readonly own: boolean;
}): Html {
  const { home, duties, mayAttest, own } = shown;
  const toAttest = mayAttest ? duties.items.filter(({ toAttest: what }) => what !== null) : [];
  return html`<p class="soft">A duty is closed by a claim that its party signs. The program shows it as theirs, and cannot see whether it is so.</p>
${dutyTable(home, 'Duties, what is overdue first', duties.items, 'Nobody owes anything.')}
${further(`${home}/duties`, duties.next)}
${toAttest.length === 0 ? '' : html`<h2>${own ? 'Claim that one is done' : 'Enter what a party signed'}</h2>${toAttest.map((duty) => attestForm(home, duty, own))}`}`;
}

const attestForm = (home: string, duty: DutyView, own: boolean): Html =>
  folded(
    `${own ? '' : `${duty.party}: `}${duty.what}, by ${day(duty.due)}`,
    html`${own ? ownHelp : theirHelp(duty.party)}
<pre class="secret">${JSON.stringify(duty.toAttest, null, 2)}</pre>
${deedForm({
  action: `${home}/duties/${duty.duty}/attestation`,
  button: 'Send the attestation',
  body: field({
    id: `note-${duty.duty}`,
    name: 'note',
    label: 'The attestation',
    rows: 8,
    help: 'The text that the command wrote',
  }),
})}`,
  );

const ownHelp = html`<p>Keep this as <code>duty.json</code>, and sign it with your own key: <code>astold attest duty.json --sign sign.key</code></p>`;
const theirHelp = (party: string): Html =>
  html`<p>Send this to ${party}. They keep it as <code>duty.json</code>, and sign it with their own key: <code>astold attest duty.json --sign sign.key</code>. Enter what they send back.</p>`;
