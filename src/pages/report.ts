/**
 * The report of a check as one self-contained HTML page: no script, nothing loaded from elsewhere, every text
 * escaped. It says the answer, then why, then what would have changed it, in the words people were told.
 */
import { html, raw } from 'hono/html';
import type { Outcome, ReasonCount, WaterfallStep } from '../app/gate/outcome.ts';
import { wordsFor, wordsOf } from '../app/gate/told-words.ts';
import { counted, day, instant, number } from '../policy/figures.ts';
import type { Notice, Quote } from '../policy/model.ts';
import { reason } from '../policy/reasons.ts';
import { quotesOf } from '../policy/telling.ts';
import { label } from '../policy/vocab.ts';
import { reportStyle } from './report-style.ts';
import { answer, cautions, knownParts, markSentence } from './wording.ts';

type Html = ReturnType<typeof html>;
/** Beyond this many notice versions the page says how many are not shown; they are in the report's JSON. */
const mostNotices = 60;

/** In the page itself, which then needs nothing else; or at an address of the same server. */
type Style = { readonly kind: 'inside' } | { readonly kind: 'linked'; readonly href: string };

/** The report as a file of its own. */
export const renderReport = (outcome: Outcome, notices: readonly Notice[]): Promise<string> =>
  reportPage(outcome, notices, { kind: 'inside' });

/**
 * The page; `notices` are those of the workspace, whose statements are shown in full where anyone was shown them.
 * The same input gives the same bytes.
 */
export async function reportPage(
  outcome: Outcome,
  notices: readonly Notice[],
  style: Style,
): Promise<string> {
  const { request } = outcome;
  const mark = markSentence(outcome.mark);
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${style.kind === 'inside' ? html`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">` : ''}
<title>${answer(outcome)} - ${request.title}</title>
${style.kind === 'inside' ? html`<style>${raw(reportStyle)}</style>` : html`<link rel="stylesheet" href="${style.href}">`}
</head>
<body>
<header>
${mark === null ? '' : html`<p class="mark">${mark}</p>`}
<h1>${request.title}</h1>
<p>for ${chainText(outcome)}</p>
<p class="soft">${counted(outcome.evaluated, 'record')} of “${outcome.source.id}”, decided as of ${instant(outcome.cutOff)}</p>
</header>
<main>
<section class="${outcome.released > 0 ? 'answer some' : 'answer'}" aria-label="The answer"><strong>${answer(outcome)}</strong>
<p class="soft">${outcome.released > 0 ? 'For every other record at least one rule refuses.' : 'For every record at least one rule refuses.'}</p></section>
${cautionList(outcome)}
${waterfall(outcome)}
${why(outcome)}
${whatIf(outcome)}
${toldWords(outcome)}
${exactWords(outcome, notices)}
${facts(outcome)}
</main>
${footer(outcome)}
</body>
</html>
`;
  return page.toString();
}

function chainText(outcome: Outcome): string {
  return outcome.chain.map((party) => `${party.name} (${party.role})`).join(', then ') || 'nobody named';
}

function cautionList(outcome: Outcome): Html | '' {
  const said = cautions(outcome);
  if (said.length === 0) return '';
  return html`<section><h2>To know first</h2><ul>${said.map((text) => html`<li>${text}</li>`)}</ul></section>`;
}

/** A bar of what is left, and after it what this step refuses; the numbers beside it say the same. */
function bar(left: number, refused: number, all: number): Html {
  const percent = (n: number) => (all > 0 ? Math.min(100, (n / all) * 100) : 0).toFixed(3);
  return html`<svg aria-hidden="true" focusable="false"><rect class="left" x="0" y="0" width="${percent(left)}%" height="100%"/><rect class="refused" x="${percent(left)}%" y="0" width="${percent(refused)}%" height="100%"/></svg>`;
}

function waterfall(outcome: Outcome): Html {
  const { evaluated: all } = outcome;
  const step = ({ code, refused, left }: WaterfallStep) =>
    html`<li><div class="row"><span>${number(refused)} ${reason(code).plural}</span><span class="n">${number(left)} left</span></div>${bar(left, refused, all)}</li>`;
  return html`<section><h2>From all records to those that may go</h2>
<p class="soft">Each record is taken out once, at the first rule that refuses it.</p>
<ol class="steps">
<li><div class="row"><span>All records</span><span class="n">${number(all)}</span></div>${bar(all, 0, all)}</li>
${outcome.waterfall.map(step)}
<li><div class="row"><span><strong>May go</strong></span><span class="n">${number(outcome.released)}</span></div>${bar(outcome.released, 0, all)}</li>
</ol></section>`;
}

function why(outcome: Outcome): Html | '' {
  if (outcome.reasons.length === 0) return '';
  return html`<section><h2>Why</h2>
<p class="soft">A record can have several reasons, and each counts every record it refuses.</p>
${outcome.reasons.map((count) => reasonCard(count, outcome))}</section>`;
}

function reasonCard(count: ReasonCount, outcome: Outcome): Html {
  const words = wordsFor(count.code, outcome.notices);
  return html`<article id="reason-${count.code}"><h3>${number(count.records)} ${count.plural}</h3>
${bar(0, count.records, outcome.evaluated)}
<p><span class="tag">${count.label ?? 'no rule on file'}</span> ${count.citation ?? 'no citation on file'} <span class="soft">· rule ${count.rule} · ${count.code}</span></p>
<p class="soft">${count.alone === 0 ? 'It alone refuses nobody.' : `It alone refuses ${number(count.alone)}.`}</p>
${count.details.length === 0 ? '' : html`<ul>${count.details.map((detail) => html`<li>${detail}</li>`)}</ul>`}
${words === null ? '' : html`<p class="soft">${words.kind === 'promise' ? 'They were promised' : 'The nearest words they were told'}${words.notice === null ? '' : ` (${words.notice})`}:</p>${quoted(words.quotes)}`}
</article>`;
}

/** The quotes of each layer together, each in its own marks. */
function quoted(quotes: readonly Quote[]): Html {
  const layers = [...new Set(quotes.map((quote) => quote.layer))].sort((a, b) => a - b);
  return html`${layers.map((layer) => {
    const words = quotes.filter((quote) => quote.layer === layer).map((quote) => `“${quote.text}”`);
    return html`<blockquote>${words.join(' · ')} <span class="soft">layer ${layer}</span></blockquote>`;
  })}`;
}

function whatIf(outcome: Outcome): Html | '' {
  if (outcome.whatIf.length === 0) return '';
  return html`<section><h2>What would have changed it</h2>
<p class="soft">Upper bounds: had this been told or asked in time, at most so many could have gone. Nothing can be told afterwards to people whose records are already here; asking them again is itself direct marketing.</p>
<ul class="plain">${outcome.whatIf.map(
    (w) =>
      html`<li><div class="row"><span>${w.text}</span><span class="n">at most ${number(w.atMost)}</span></div>${bar(w.atMost, 0, outcome.evaluated)}</li>`,
  )}</ul></section>`;
}

function toldWords(outcome: Outcome): Html | '' {
  if (outcome.notices.length === 0) return '';
  const shown = outcome.notices.slice(0, mostNotices).map(wordsOf);
  const more = outcome.notices.length - shown.length;
  const one = (notice: (typeof shown)[number]) => html`<article><h3>${notice.notice}</h3>
<p class="soft">${counted(notice.records, 'record')}, of which ${number(notice.released)} may go</p>
${notice.words.map(
  (
    words,
  ) => html`<p>${words.kind === 'promise' ? 'Promised' : 'Told'} in “${words.statement}”${words.notice === null ? '' : html` <span class="soft">(${words.notice})</span>`}:</p>
${quoted(words.quotes)}
<p>${words.kind === 'promise' ? 'The request would break this promise.' : `lacks: ${words.lacks.join(' · ')}`}</p>
${words.vague.length === 0 ? '' : html`<p class="soft">${words.vague.map((word) => `“${word}”`).join(' and ')} ${words.vague.length === 1 ? 'is' : 'are'} vague: a person must decide what ${words.vague.length === 1 ? 'it promises' : 'they promise'}.</p>`}`,
)}
${notice.untold.length === 0 ? '' : html`<p>No words come near: ${notice.untold.join(' · ')}</p>`}
${notice.words.length + notice.untold.length === 0 ? html`<p class="soft">Nothing in this version is lacking for this request.</p>` : ''}
</article>`;
  return html`<section><h2>The nearest words people were told</h2>${shown.map(one)}
${more > 0 ? html`<p>${counted(more, 'more notice version')} ${more === 1 ? 'is' : 'are'} in the JSON beside this page.</p>` : ''}</section>`;
}

/** Every statement and consent of each notice version that anyone here was shown. */
function exactWords(outcome: Outcome, notices: readonly Notice[]): Html | '' {
  const shown = notices.filter((notice) =>
    outcome.notices.some((count) => count.notice.split(/^\w[\w-]*: |, then | or /).includes(notice.id)),
  );
  if (shown.length === 0) return '';
  const said = { tells: 'tells', never: 'promises never', only: 'promises only' } as const;
  return html`<section><h2>The exact words, by notice version</h2>${shown.map(
    (notice) => html`<article><h3>${notice.id}</h3>
<p class="soft">shown from ${day(notice.shown.from)}${notice.shown.until === null ? '' : ` until ${day(notice.shown.until)}`} · digest <code>${notice.digest}</code></p>
${notice.statements.map((statement) => html`<p>“${statement.id}” ${said[statement.kind]}:</p>${quoted(quotesOf(statement))}`)}
${notice.consents.map((consent) => html`<p>Consent asked, “${consent.id}” (${consent.kind}${consent.bundled ? ', bundled' : ''}):</p>${quoted([consent.wording])}`)}
${notice.statements.length + notice.consents.length === 0 ? html`<p class="soft">It states nothing.</p>` : ''}</article>`,
  )}</section>`;
}

function facts(outcome: Outcome): Html {
  const { request, source } = outcome;
  const rows: readonly (readonly [string, string])[] = [
    ['Purpose', request.purposes.map((term) => `${label(term)} (${term})`).join(', ') || 'none named'],
    ['Contact by', request.contactChannels.join(', ') || 'no way named'],
    ['Use', `${day(request.use.from)} to ${day(request.use.until)}, deleted by ${day(request.deleteBy)}`],
    ['Fields', request.fields.join(', ') || 'none named'],
    ['For whom', request.audience],
    ['Preference events', `${number(source.events)} up to ${instant(outcome.cutOff)}`],
    ['Post keyed up to', source.postKeyedTo === null ? 'nobody says' : day(source.postKeyedTo)],
    ['Rows not read', number(source.rejected)],
    ['How the notice is known', knownParts(outcome).join(' · ') || 'no records'],
    ...outcome.lists.map((list): readonly [string, string] => [
      `List ${list.list} (${list.kind})`,
      list.cause === null
        ? `${counted(list.entries, 'entry', 'entries')} of ${list.fileDate === null ? 'an unknown day' : day(list.fileDate)}, ${list.screened ? `${number(list.matched)} matched` : 'not asked for this request'}`
        : `cannot be read: ${list.cause}`,
    ]),
  ];
  return html`<section><h2>What this stands on</h2><dl>${rows.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl></section>`;
}

function footer(outcome: Outcome): Html {
  const { versions, request } = outcome;
  return html`<footer>
<p>“May go” means that nothing in these rules refuses. Whether and why a release is right, a person decides and says.</p>
<p>Request ${request.id}, digest <code>${request.digest}</code></p>
<p>AsTold ${versions.astold} · engine ${versions.engine} · rules ${versions.rules} · rules of ${day(outcome.day)}${outcome.mark === null ? '' : ` · ${outcome.mark}`}</p>
</footer>`;
}
