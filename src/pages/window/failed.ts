/** Where something went wrong here: whether what was sent is recorded, what to do now, and what was typed. */
import { html } from 'hono/html';
import type { Words } from '../../words/words.ts';
import { type Html, pageIn } from '../frame.ts';
import { answers, lines, stepForm, wayBack } from './form-parts.ts';
import { ownTyped, type TypedFields, typedRows } from './typed-rows.ts';
import { withName } from './with-name.ts';

/** Of a form: `undone`, surely; `unknown`, it may be either; `whole`, all is recorded. `unshown`: of a page that was asked for. */
export type FailedState = 'undone' | 'unknown' | 'partly' | 'partlyUnknown' | 'whole' | 'unshown';

export type Failed = {
  readonly state: FailedState;
  /** `soon`: it may work again in minutes; `much`: so much is not taken at once; `held`: for days it may not; `refused`: it cannot be. */
  readonly why: 'soon' | 'much' | 'held' | 'failed' | 'refused';
  /** Whose page it is; `home` of an organisation, without a slash at its end. */
  readonly of: { readonly kind: 'letter' } | { readonly kind: 'member' | 'desk'; readonly home: string };
  /** Null where it is not known. */
  readonly club: string | null;
  /** Where the form went; null of a page that was asked for, and of a form that was not read: it cannot be sent again from here. */
  readonly action: string | null;
  readonly typed: TypedFields;
  /** The events of what is recorded. */
  readonly recorded: readonly string[];
  /** For whoever runs the service, and of what was refused: in English. */
  readonly detail: string;
  readonly request: string;
};

export function failedPage(words: Words, failed: Failed): Html {
  const { problem } = words;
  const { state, why, of, recorded, request } = failed;
  const title = problem.title[state === 'partlyUnknown' ? 'partly' : state];
  const next = steps(words, failed);
  const isOurs = why !== 'refused' && why !== 'much';
  const lead = state === 'undone' && !isOurs ? problem.lead.refused : problem.lead[state];
  return pageIn(words, {
    title,
    actor: null,
    faulty: true,
    narrow: true,
    body: html`<p class="notice bad" role="alert">${lead}</p>
${why === 'refused' ? html`<p lang="en">${sentence(failed.detail)}</p>` : ''}
${why !== 'failed' && why !== 'refused' && state !== 'whole' ? html`<p>${problem.why[why]}</p>` : ''}
${recorded.length === 0 ? '' : receipts(words, failed)}
${next.length === 0 ? '' : html`<h2>${problem.next}</h2>${lines(next)}`}
${of.kind === 'letter' ? codeOf(words, failed) : ''}
${resend(words, failed)}
${typedPart(words, failed)}
${ways(words, failed)}
<p><small>${problem.request}: <code>${request}</code></small></p>`,
  });
}

/** A letter's has no page of its own. */
function receipts({ problem }: Words, { of, recorded }: Failed): Html {
  const link = (event: string): Html | '' =>
    of.kind === 'letter' ? '' : html`<a href="${of.home}/receipts/${event}">${problem.receipt}</a> `;
  return html`<h2>${problem.recorded}</h2>
<ul class="plain">${recorded.map((event) => html`<li>${link(event)}${problem.number} <code>${event}</code></li>`)}</ul>`;
}

function steps({ problem }: Words, failed: Failed): readonly (Html | string)[] {
  const { state, why, of, club, detail, action } = failed;
  const { member, letter, desk } = problem;
  const again = action === null ? problem.again.unread : problem.again;
  const unsure = state === 'unknown' || state === 'partlyUnknown';
  const mayResend = state === 'undone' && why !== 'refused';
  const first = state === 'unshown' ? [problem.load] : mayResend && why !== 'held' ? [again.step] : [];
  const last = mayResend && why === 'held' ? [again.later] : [];
  if (of.kind === 'desk') {
    const tell = why === 'held' ? [html`${desk.tell} <span lang="en">${sentence(detail)}</span>`] : [];
    const entered = unsure || state === 'partly' ? [desk.look] : state === 'undone' ? [desk.keep] : [];
    return [...first, ...entered, ...tell];
  }
  const { write, writeUnnamed } = of.kind === 'letter' ? letter : member;
  const written = state === 'whole' ? [] : [club === null ? writeUnnamed : withName(write, club)];
  if (of.kind === 'letter' && (unsure || state === 'partly')) return [again.harmless, ...written];
  return [...first, ...(unsure || state === 'partly' ? [member.look] : []), ...written, ...last];
}

const codeOf = ({ problem }: Words, { typed }: Failed): Html | '' => {
  const [code = ''] = typed.get('code') ?? [];
  return code === '' ? '' : answers([[problem.letter.code, html`<code>${code}</code>`]]);
};

/** The same once more: of what is surely not recorded; and of a stop, which may be said twice. */
function resend({ problem }: Words, { state, why, of, action, typed }: Failed): Html | '' {
  const harmless = of.kind === 'letter' && state !== 'whole' && state !== 'unshown';
  if (action === null || why === 'refused' || !(state === 'undone' || harmless)) return '';
  // Under its own value a form that may be recorded is not done again.
  const fields = [...typed].filter(([name]) => state === 'undone' || name !== 'once');
  const hidden = fields.flatMap(([name, values]) =>
    values.map((value) => html`<input type="hidden" name="${name}" value="${value}">`),
  );
  return stepForm(action, {}, html`${hidden}`, problem.again.button);
}

function typedPart(words: Words, { of, typed, state }: Failed): Html | '' {
  if (of.kind === 'letter' || state === 'whole') return '';
  const { typed: title } = words.problem;
  if (of.kind === 'desk') {
    const rows = typedRows(words, typed);
    return rows.length === 0 ? '' : html`<section class="card"><h2>${title}</h2>${answers(rows)}</section>`;
  }
  const texts = ownTyped(words, typed);
  return texts.length === 0 ? '' : html`<section class="card"><h2>${title}</h2>${texts}</section>`;
}

function ways({ problem }: Words, { of }: Failed): Html {
  const { member, letter, desk } = problem;
  if (of.kind === 'letter') return wayBack('/letter', letter.back);
  if (of.kind === 'desk') return wayBack(`${of.home}/desk`, desk.back);
  return html`${wayBack(`${of.home}/details/said`, member.said)}
${wayBack(`${of.home}/cases`, member.cases)}
${wayBack(`${of.home}/say`, member.back)}`;
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
