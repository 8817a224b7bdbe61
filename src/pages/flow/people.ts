/** Who has which role. */
import { html } from 'hono/html';
import type { Page } from '../../app/flow/cursor.ts';
import { type RoleView, roleWords } from '../../app/flow/role-view.ts';
import type { Html } from '../frame.ts';
import { choice, deedForm, field, further, table } from './parts.ts';

export function peopleBody(shown: {
  readonly home: string;
  readonly roles: Page<RoleView>;
  readonly mayGrant: boolean;
}): Html {
  const { home, roles, mayGrant } = shown;
  return html`${table(
    'Roles',
    roles.items,
    [
      {
        head: 'Who',
        cell: ({ name, email, person }) =>
          html`${name === '' ? person : name} <span class="soft">${email}</span>`,
      },
      {
        head: 'Role',
        cell: ({ role, party, mayFreeze }) =>
          `${roleWords[role]}${party === null ? '' : `, for ${party}`}${mayFreeze ? ', may freeze' : ''}`,
      },
      {
        head: '',
        cell: ({ person, role }) =>
          mayGrant
            ? deedForm({
                action: `${home}/people/withdrawal`,
                button: 'Withdraw',
                look: 'plain',
                hidden: { person, role },
              })
            : '',
      },
    ],
    'Nobody has a role.',
  )}
${further(`${home}/people`, roles.next)}
${
  mayGrant
    ? html`<h2>Give somebody a role</h2>${deedForm({
        action: `${home}/people`,
        button: 'Give the role',
        body: html`${field({ id: 'name', label: 'Name' })}${field({ id: 'email', label: 'E-mail address', help: 'Whoever has no account gets a link to make one' })}
${choice('role', 'Role', [
  ['steward', 'steward: prepares'],
  ['officer', 'data protection officer: decides'],
  ['recipient', 'recipient: fetches, and owes duties'],
  ['auditor', 'auditor: reads everything'],
])}
${field({ id: 'party', label: 'For which organisation (a recipient)', help: 'Its id in organisations.yaml', required: false })}
<label class="choice"><input type="checkbox" name="mayFreeze" value="yes"> may freeze (an auditor)</label>`,
      })}`
    : ''
}`;
}
