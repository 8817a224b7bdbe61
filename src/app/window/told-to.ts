/** What somebody was told: the notices as shown for each of their records, how well that is known, and what changed since. */
import type { Row } from '../../bulk/engine.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { parseHistory, shownAtCollection } from '../../policy/history.ts';
import type { Notice, Retention } from '../../policy/model.ts';
import { label } from '../../policy/vocab.ts';
import { type Marked, markNotice } from '../workspace/marked-notice.ts';
import { diffNotices } from '../workspace/notice-diff.ts';
import type { EarlierOf } from './earlier-notices.ts';
import { namedField } from './named-field.ts';
import type { RecordRead } from './read-record.ts';
import type { NoticeWords, Told, ToldNotice } from './told-view.ts';

export function toldTo(workspace: Workspace, records: readonly RecordRead[], earlierOf: EarlierOf): Told {
  const own = workspace.notices.filter(({ organisation }) => organisation === workspace.config.organisation);
  /** With the days on which they were shown it. */
  const shown = new Map<Notice, (string | null)[]>();
  const numberOf = (notice: Notice, on: string | null): number => {
    shown.set(notice, [...(shown.get(notice) ?? []), on]);
    return [...shown.keys()].indexOf(notice) + 1;
  };
  const told = records.map(({ number, from, row, later }) => ({
    number,
    collections: from.collections.map((collection) => {
      const { base } = parseHistory(textOf(row[`h_${collection.id}`]) ?? '', '');
      const found = shownAtCollection(base, collection, own);
      const on = textOf(row[`on_${collection.id}`]);
      const fields = from.fields
        .filter((field) => field.collection === collection.id)
        .map(({ name }) => name);
      return {
        ...{ fields, details: fields.map((field) => namedField(from, field)), on },
        known: found.known,
        notices: found.candidates.map((notice) => numberOf(notice, on)),
      };
    }),
    later: parseHistory('', later).later.map(({ notice: id, on, delivery }) => {
      const notice = own.find((each) => each.id === id);
      return { notice: notice === undefined ? null : numberOf(notice, on), on, delivery };
    }),
  }));
  const names = new Map(workspace.organisations.map(({ id, legalName }) => [id, legalName]));
  return {
    records: told,
    notices: [...shown].map(([notice, days], i) => ({
      ...{ number: i + 1, ...noticeShown(notice, own, names) },
      // Whoever was shown it after it was changed saw what stands.
      earlier: earlierOf(notice)
        .filter(({ until }) => days.some((on) => on === null || on <= until))
        .map(({ notice: before, until, words }) => ({
          ...{ ...wordsShown(before, names), until, words },
          sure: days.some((on) => on !== null && on < until),
        })),
    })),
  };
}

const textOf = (value: Row[string] | undefined): string | null => (typeof value === 'string' ? value : null);

function noticeShown(
  notice: Notice,
  all: readonly Notice[],
  names: ReadonlyMap<string, string>,
): Omit<ToldNotice, 'number' | 'earlier'> {
  const later = all
    .filter(({ family, shown }) => family === notice.family && shown.from > notice.shown.from)
    .sort((a, b) => (a.shown.from < b.shown.from ? -1 : 1));
  return {
    ...{ notice: notice.id, collectedBy: [...notice.collectedBy] },
    ...{ shownFrom: notice.shown.from, shownUntil: notice.shown.until },
    ...wordsShown(notice, names),
    changes: later.map((version) => changed(notice, version)),
  };
}

function wordsShown(notice: Notice, names: ReadonlyMap<string, string>): NoticeWords {
  const { marked, layers } = markNotice(notice);
  return {
    layers: layers.map(({ number, blocks }) => ({
      number,
      blocks: blocks.map(({ kind, parts }) => ({
        kind,
        parts: parts.map(({ text, marks }) => ({ text, marks: [...marks] })),
      })),
    })),
    marked: marked.map((each) => permits(each, names)),
  };
}

function permits(each: Marked, names: ReadonlyMap<string, string>): ToldNotice['marked'][number] {
  const named = (ids: readonly string[]): string[] => ids.map((id) => names.get(id) ?? id);
  if (each.kind === 'consent') {
    const { purposes, controllers, contactChannels } = each.consent;
    const asks = {
      purposes: purposes.map(label),
      recipients: named(controllers),
      channels: [...contactChannels],
    };
    return { number: each.number, kind: 'asks', ...asks, data: [], bases: [], retention: null };
  }
  const { kind, purposes, recipients, data, contactChannels, basis, retention } = each.statement;
  return {
    ...{ number: each.number, kind, purposes: (purposes?.terms ?? []).map(label) },
    recipients: [...named(recipients?.organisations ?? []), ...(recipients?.categories ?? [])],
    data: (data?.items ?? []).map(({ term, of }) => ({ what: label(term), ofChild: of === 'child' })),
    ...{ channels: [...(contactChannels?.terms ?? [])], bases: (basis?.terms ?? []).map(label) },
    retention: retention === null ? null : retentionOf(retention.told),
  };
}

function retentionOf(told: Retention): ToldNotice['marked'][number]['retention'] {
  if (told.kind === 'until') return { kind: 'until', date: told.date };
  const { period, from } = told;
  return { kind: 'period', ...period, from: from.kind, years: 'years' in from ? from.years : null };
}

function changed(from: Notice, to: Notice): ToldNotice['changes'][number] {
  const diff = diffNotices(from, to);
  const words = (quotes: readonly { readonly text: string }[]): string =>
    [...new Set(quotes.map(({ text }) => text))].join(' … ');
  const told = (changes: typeof diff.told): string[] =>
    changes.map(({ parts }) => words(parts.map((p) => p.quote)));
  const promises = (changes: typeof diff.promised): string[] => changes.map(({ quotes }) => words(quotes));
  const consents = (asked: typeof diff.asked): string[] => asked.map(({ wording }) => wording.text);
  return {
    ...{ notice: to.id, from: to.shown.from, told: told(diff.told), dropped: told(diff.dropped) },
    ...{ promised: promises(diff.promised), unpromised: promises(diff.unpromised) },
    ...{ asked: consents(diff.asked), askedNoMore: consents(diff.askedNoMore) },
  };
}
