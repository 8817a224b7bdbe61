/** What somebody was told: which notice governs which details, and the notice itself with its statements marked in its words. */
import { html } from 'hono/html';
import type { NoticeWords, Told, ToldNotice } from '../../app/window/told-view.ts';
import type { Words } from '../../words/words.ts';
import { fact, facts } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import { withNames } from './with-name.ts';

type DetailsWords = Words['details'];
type Given = { readonly home: string; readonly told: Told };

export function toldBody(words: DetailsWords, { home, told }: Given): Html {
  const said = words.told;
  const noticeOf = (number: number): ToldNotice | undefined =>
    told.notices.find((notice) => notice.number === number);
  const read = (number: number): Html => {
    const found = noticeOf(number);
    const called = found === undefined ? said.unknownNotice : said.called(found.collectedBy, found.shownFrom);
    return html`<a href="${home}/details/told/${number}">${said.read(called)}</a>${(found?.earlier ?? []).map(
      ({ until, words: others, sure }) =>
        html`<br><span class="soft">${said.changed(until, others, sure)}</span>`,
    )}`;
  };
  const isAsShown = told.notices.every(({ earlier }) => earlier.every(({ words: others }) => !others));
  const link = (number: number): Html => html`<li>${read(number)}</li>`;
  return html`<p class="lead">${isAsShown ? said.lead : said.leadChanged}</p>
${told.records.map(
  (record) => html`${told.records.length > 1 ? html`<h2>${words.whose.number(record.number)}</h2>` : ''}
${record.collections.map(
  ({ on, known, notices, details }) => html`<section class="card"><h3>${said.collected(on)}</h3>
<p class="soft">${said.of(details.map(words.detail))}</p>
<p>${said.known[known]}</p>
${notices.length > 1 ? html`<p>${said.several}</p>` : ''}
${notices.length === 0 ? '' : html`<ul class="choices">${notices.map(link)}</ul>`}</section>`,
)}
${
  record.later.length === 0
    ? ''
    : html`<section class="card"><h3>${said.later}</h3><ul>${record.later.map(
        ({ notice, on, delivery }) =>
          html`<li>${notice === null ? said.unknownNotice : read(notice)}, ${said.laterOn(on)}: ${said.delivery[delivery]}</li>`,
      )}</ul></section>`
}`,
)}
<p><a href="${home}">${words.release.back}</a></p>`;
}

export function noticeBody(words: DetailsWords, home: string, notice: ToldNotice): Html {
  const said = words.told;
  return html`<p class="soft">${said.shown(notice.shownFrom, notice.shownUntil)}. ${said.file(notice.notice)}</p>
${notice.earlier.map(
  ({ until, words: others, sure }, i) =>
    html`<p class="notice">${said.changed(until, others, sure)} <a href="#before-${i + 1}">${said.readBefore}</a></p>`,
)}
<p><mark>${said.marked}</mark></p>
${noticeWords(words, notice, 'means', said.means)}
${notice.earlier.map(
  (before, i) =>
    html`<h2 id="before-${i + 1}">${said.before(before.until)}</h2>
${noticeWords(words, before, `before-${i + 1}-means`, said.meantBefore)}`,
)}
<h2>${said.changes}</h2>
${notice.changes.length === 0 ? html`<p>${said.noChanges}</p>` : html`<p>${said.changesLead}</p>`}
${notice.changes.map((change) => changeOf(words, change))}
<p><a href="${home}/details/told">${said.back}</a></p>`;
}

/** `anchor`: what the numbers in the text lead to begins with it. */
const noticeWords = (
  words: DetailsWords,
  { layers, marked }: NoticeWords,
  anchor: string,
  means: string,
): Html => html`<div class="notice-text" lang="en">${layers.map(({ blocks }) =>
  blocks.map((block) => blockOf(block, anchor)),
)}</div>
<h2>${means}</h2>
<ol class="means">${marked.map((each) => meaning(words, each, anchor))}</ol>`;

type Block = NoticeWords['layers'][number]['blocks'][number];

function blockOf({ kind, parts }: Block, anchor: string): Html {
  const words = parts.map(({ text, marks }) =>
    marks.length === 0
      ? text
      : html`<mark>${text}${marks.map((n) => html`<sup><a class="note" href="#${anchor}-${n}" aria-label="${n}">${n}</a></sup>`)}</mark>`,
  );
  if (kind === 'heading') return html`<h3>${words}</h3>`;
  return html`<p${kind === 'item' ? html` class="item"` : ''}>${words}</p>`;
}

function meaning(words: DetailsWords, each: NoticeWords['marked'][number], anchor: string): Html {
  const said = words.told;
  const rows: readonly (readonly [string, readonly string[]])[] = [
    [said.purposes, each.purposes.map(words.called)],
    [said.recipients, each.recipients],
    [said.data, each.data.map(words.data)],
    [said.channels, each.channels.map(words.channel)],
    [said.bases, each.bases.map(words.called)],
    [said.retention, each.retention === null ? [] : [said.retentionWords(each.retention)]],
  ];
  const told = rows.filter(([, items]) => items.length > 0);
  return html`<li id="${anchor}-${each.number}"><strong>${said.kinds[each.kind]}</strong>
${told.length === 0 ? html`<p>${said.anything}</p>` : facts(told.map(([name, items]) => fact(name, withNames(words.list, items))))}</li>`;
}

function changeOf(words: DetailsWords, change: ToldNotice['changes'][number]): Html {
  const said = words.told;
  const groups: readonly (readonly [string, readonly string[]])[] = [
    [said.newlyTold, change.told],
    [said.dropped, change.dropped],
    [said.promised, change.promised],
    [said.unpromised, change.unpromised],
    [said.asked, change.asked],
    [said.askedNoMore, change.askedNoMore],
  ];
  const found = groups.filter(([, quotes]) => quotes.length > 0);
  return html`<section class="card"><h3>${said.change(change.notice, change.from)}</h3>
${
  found.length === 0
    ? html`<p>${said.same}</p>`
    : found.map(
        ([name, quotes]) =>
          html`<h4>${name}</h4>${quotes.map((quote) => html`<blockquote>${quote}</blockquote>`)}`,
      )
}</section>`;
}
