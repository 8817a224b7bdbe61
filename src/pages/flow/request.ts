/** One request: where it stands, what can be done with it now, and how it came here. */
import { html } from 'hono/html';
import type { z } from 'zod';
import type { CheckView } from '../../app/flow/check-view.ts';
import type { releaseRunView } from '../../app/flow/run-view.ts';
import type { requestDetailView } from '../../app/flow/show-request.ts';
import { counted, number } from '../../policy/figures.ts';
import type { Html } from '../frame.ts';
import { briefly, deedForm, fact, facts, field, folded, stateTag, table, when } from './parts.ts';

export type RequestShown = {
  readonly home: string;
  readonly request: z.output<typeof requestDetailView>;
  /** What the table of access lets this person do at all. */
  readonly may: (useCase: 'check' | 'decide' | 'release' | 'withdraw' | 'change') => boolean;
  /** Whoever looks prepared it, and does not decide it. */
  readonly own: boolean;
  readonly names: (person: string) => string;
};

export function requestBody(shown: RequestShown): Html {
  const { home, request, names } = shown;
  return html`<p class="lead">${stateTag(request.state)} ${nextWords(shown)}</p>
${deeds(shown)}
${facts([
  fact('For', request.recipient),
  fact('Purposes', request.purposes.join(', ')),
  fact('Agreement', request.agreement),
  fact('Records of', request.source),
  fact('Prepared by', names(request.preparedBy)),
])}
${checkTable(home, request.checks)}
${request.releases.length === 0 ? '' : runTable(request.releases)}
<h2>How it came here</h2>
<ol>${request.events.map(
    ({ deed, by, at, words }) =>
      html`<li>${deed} by ${names(by)}, ${when(at)}${words === null ? '' : html`<blockquote>${words}</blockquote>`}</li>`,
  )}</ol>
${folded('The document', html`<pre class="text">${request.document}</pre>`)}`;
}

/** What comes next, and who does it. */
function nextWords({ request, own, may }: RequestShown): string {
  const [latest] = request.checks;
  switch (request.state) {
    case 'REQUESTED':
      return latest !== undefined && isUnderWay(latest) ? 'A check is being made.' : 'It waits for a check.';
    case 'OFFERED':
      return own && may('decide')
        ? 'You prepared it: another officer decides.'
        : 'It waits for a data protection officer, who reads the report and decides.';
    case 'AGREED':
      return request.releases.some(isUnderWay)
        ? 'It is being released.'
        : 'It can be released; everything is decided again when it is.';
    case 'FINALIZED':
      if (request.releases.some(isUnderWay)) return 'It is released, and its supply is being sealed.';
      return request.releases[0]?.state === 'failed'
        ? 'It is released, and its supply could not be sealed: release it again to end what was begun.'
        : 'The supply can be fetched by whom it is for.';
    case 'TERMINATED':
      return 'Nothing more happens with it.';
  }
}

const isUnderWay = ({ state }: { readonly state: string }): boolean =>
  state === 'queued' || state === 'running';

function deeds({ home, request, may, own }: RequestShown): Html {
  const at = `${home}/requests/${request.id}`;
  const version = { version: String(request.version) };
  const said = (id: string, label: string): Html => field({ id, label, rows: 3 });
  const checked = request.checks.find((check) => check.state === 'done');
  const open = request.state !== 'FINALIZED' && request.state !== 'TERMINATED';
  const parts: Html[] = [];
  if (may('check') && (request.state === 'REQUESTED' || request.state === 'OFFERED'))
    parts.push(html`<div class="actions">${deedForm({ action: `${at}/checks`, button: 'Check it now', look: request.state === 'OFFERED' ? 'plain' : undefined })}
${may('change') ? html`<a class="button plain" href="${at}/change">Change it</a>` : ''}</div>`);
  if (may('decide') && request.state === 'OFFERED' && checked !== undefined && !own)
    parts.push(approveForm(at, checked, request.version));
  // Released, and not sealed: the same again takes it up where it stopped.
  const unsealed = request.state === 'FINALIZED' && request.releases[0]?.state === 'failed';
  if (may('release') && (request.state === 'AGREED' || unsealed) && !request.releases.some(isUnderWay))
    parts.push(deedForm({ action: `${at}/release`, button: 'Release', hidden: version }));
  if (may('decide') && (request.state === 'OFFERED' || request.state === 'AGREED'))
    parts.push(
      folded(
        'Send it back',
        deedForm({
          action: `${at}/return`,
          button: 'Send back',
          look: 'plain',
          hidden: version,
          body: said('return-words', 'What has to change'),
        }),
      ),
    );
  if (may('decide') && open)
    parts.push(
      folded(
        'Refuse it',
        deedForm({
          action: `${at}/refusal`,
          button: 'Refuse',
          look: 'danger',
          hidden: version,
          body: said('refusal-words', 'Why'),
        }),
      ),
    );
  if (may('withdraw') && open)
    parts.push(
      folded(
        'Withdraw it',
        deedForm({
          action: `${at}/withdrawal`,
          button: 'Withdraw',
          look: 'danger',
          hidden: version,
          body: said('withdrawal-words', 'Why'),
        }),
      ),
    );
  return html`${parts}`;
}

const approveForm = (at: string, check: CheckView, version: number): Html =>
  html`<section class="card"><h2>Decide</h2>
<p>${check.released === null ? '' : `${counted(check.released, 'person', 'people')} of ${number(check.evaluated ?? 0)} may go, by the check of ${when(check.askedAt)}.`}
Nothing in the program says that it is lawful: you do, in your own words.</p>
${deedForm({
  action: `${at}/approval`,
  button: 'Approve',
  hidden: { version: String(version), check: check.id },
  body: field({ id: 'words', label: 'Why it is lawful', rows: 4 }),
})}</section>`;

const checkTable = (home: string, checks: readonly CheckView[]): Html =>
  table(
    'Checks, the latest first',
    checks,
    [
      {
        head: 'Asked',
        cell: ({ id, askedAt }) => html`<a href="${home}/checks/${id}">${briefly(askedAt)}</a>`,
      },
      { head: 'State', cell: ({ state }) => stateTag(state) },
      { head: 'May go', cell: mayGo, number: true },
    ],
    'It was not checked yet.',
  );

export function mayGo({ released, evaluated, atLeast }: CheckView): string {
  if (released !== null && evaluated !== null) return `${number(released)} of ${number(evaluated)}`;
  return atLeast === null ? '' : `${number(atLeast)} or a few more`;
}

const runTable = (runs: readonly z.output<typeof releaseRunView>[]): Html =>
  table(
    'Attempts to release, the latest first',
    runs,
    [
      { head: 'Asked', cell: ({ askedAt }) => briefly(askedAt) },
      { head: 'State', cell: ({ state }) => stateTag(state) },
      {
        head: 'How far',
        cell: (run) => (run.state === 'running' ? html`${progressOf(run.progress)}` : (run.faultWords ?? '')),
      },
    ],
    '',
  );

/** A bar, and the same in words. */
export function progressOf(progress: CheckView['progress']): Html | string {
  if (progress === null) return 'It will begin in a moment.';
  const { stage, done, total } = progress;
  if (total === null || total === 0) return html`<progress aria-label="${stage}"></progress> ${stage}`;
  return html`<progress aria-label="${stage}" value="${done}" max="${total}"></progress> ${stage}: ${number(done)} of ${number(total)}`;
}
