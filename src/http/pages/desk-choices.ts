/** What may be chosen at the desk, of the workspace's own documents; and a scope in words. */
import { html } from 'hono/html';
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import type { StandingStop } from '../../app/window/standing.ts';
import { contactChannel } from '../../documents/leaves.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Html } from '../../pages/frame.ts';
import type { Choices } from '../../pages/window/desk-entry.ts';
import type { DeskPlace } from '../../pages/window/desk-find.ts';
import { heldApart } from '../../pages/window/with-name.ts';
import { isPersonalData, label, purposes } from '../../policy/vocab.ts';
import { deskOf } from './desk-seat.ts';
import type { Seat } from './seat.ts';

export type DeskGround = { readonly workspace: Workspace; readonly choices: Choices };

/** `stops`: of the person, that stand and may be taken back. */
export async function groundOf(seat: Seat, stops: readonly StandingStop[]): Promise<DeskGround> {
  const workspace = await readWorkspace(seat.service, seat.actor.org);
  const { words } = deskOf(seat);
  const choices: Choices = {
    purpose: [...purposes.keys()].map((value) => ({ value, text: words.called(label(value)) })).sort(byText),
    organisation: workspace.organisations
      .map(({ id, legalName }) => ({ value: id, text: legalName }))
      .sort(byText),
    channel: contactChannel.options.map((value) => ({ value, text: words.channel(value) })),
    consent: workspace.notices.flatMap(({ id, consents }) =>
      consents.map((consent) => ({
        value: `${id}|${consent.id}`,
        text: `${consent.wording.text.slice(0, 160)} (${id})`,
      })),
    ),
    lifts: stops.map(({ event, scope, on }) => ({
      value: event,
      text: html`${words.said.stop}: ${scopeText(words, workspace, { ...scope, channel: scope.contactChannel })}`,
      help: html`${on === null ? words.entry.dayUnknown : words.moment(on)}, <code>${event}</code>`,
    })),
  };
  return { workspace, choices };
}

const byText = (a: { readonly text: string }, b: { readonly text: string }): number =>
  a.text < b.text ? -1 : 1;

export type Scoped = {
  readonly purpose: string;
  readonly organisation: string;
  readonly channel: string;
  readonly field: string;
};

export function scopeText(words: DeskPlace['words'], { organisations }: Workspace, scope: Scoped): Html {
  const { purpose, organisation, channel, field } = scope;
  const parts = [
    ...(purpose === 'all' ? [] : [words.called(label(purpose))]),
    ...(organisation === 'all'
      ? []
      : [heldApart(organisations.find(({ id }) => id === organisation)?.legalName ?? organisation)]),
    ...(channel === 'all' ? [] : [words.channel(channel)]),
    ...(field === 'all'
      ? []
      : [isPersonalData(field) ? words.called(label(field)) : field.replaceAll('_', ' ')]),
  ];
  if (parts.length === 0) return html`${words.person.everything}`;
  return html`${parts.map((part, i) => html`${i === 0 ? '' : ', '}${part}`)}`;
}
