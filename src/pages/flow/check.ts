/** One check: how far it is, and then its answer. */
import { html } from 'hono/html';
import type { CheckView } from '../../app/flow/check-view.ts';
import type { Outcome } from '../../app/gate/outcome.ts';
import { number } from '../../policy/figures.ts';
import type { Html } from '../frame.ts';
import { answer } from '../wording.ts';
import { fact, facts, noReasons, stateTag, table, when } from './parts.ts';
import { mayGo, progressOf } from './request.ts';

export const isUnderWay = ({ state }: CheckView): boolean => state === 'queued' || state === 'running';

export function checkBody(home: string, check: CheckView): Html {
  // What the gate wrote is what it reads: it was parsed when it came out of the state.
  const outcome = check.outcome as Outcome | null;
  return html`<p class="lead">${stateTag(check.state)} of <a href="${home}/requests/${check.request}">${check.request}</a></p>
${isUnderWay(check) ? html`<p>${progressOf(check.progress)}</p><p class="soft">This page looks again every two seconds.</p>` : ''}
${check.faultWords === null ? '' : html`<p class="notice bad">${check.faultWords}</p>`}
${outcome === null ? partyAnswer(check) : answerOf(home, check, outcome)}`;
}

const partyAnswer = (check: CheckView): Html =>
  check.atLeast === null
    ? html`${check.state === 'done' ? html`<p>The check was made. Its result is the supplier's; once it is approved, you are told how many people it is of, in tens.</p>` : ''}`
    : facts([fact('May go', mayGo(check))]);

const answerOf = (home: string, check: CheckView, outcome: Outcome): Html =>
  html`<p class="lead"><strong>${answer(outcome)}</strong></p>
<p class="actions"><a class="button" href="${home}/checks/${check.id}/report">Read the report</a> <a href="${home}/requests/${check.request}">Back to the request</a></p>
${facts([
  fact('Decided as of', check.cutOff === null ? 'now' : when(check.cutOff)),
  fact('Digest to approve', html`<code>${check.digest ?? ''}</code>`),
])}
${table(
  'Why others may not go: a record can have several reasons',
  outcome.reasons,
  [
    { head: 'Records', cell: ({ records }) => number(records), number: true },
    { head: 'Reason', cell: ({ plural }) => plural },
    { head: 'Rule', cell: ({ rule, label }) => `${label ?? 'no rule on file'} ${rule}` },
  ],
  noReasons,
)}`;
