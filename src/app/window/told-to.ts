/** What somebody was told: the notices as shown for each of their records, how well that is known, and what changed since. */
import { z } from 'zod';
import type { Row } from '../../bulk/engine.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { parseHistory, shownAtCollection } from '../../policy/history.ts';
import type { Notice, Retention } from '../../policy/model.ts';
import { label } from '../../policy/vocab.ts';
import { type Marked, markNotice } from '../workspace/marked-notice.ts';
import { diffNotices } from '../workspace/notice-diff.ts';
import { namedField, namedFieldView } from './named-field.ts';
import type { RecordRead } from './read-record.ts';

const delivery = z.enum(['delivered', 'bounced', 'sent', 'earlier']);
const collectionView = z.object({
  fields: z.array(z.string()),
  /** The same, each with what it is. */
  details: z.array(namedFieldView),
  on: z.string().nullable(),
  /** How it is known which notice was shown (A6). */
  known: z.enum(['recorded', 'derived', 'reconstructed', 'unknown']),
  /** Numbers of `notices`: of more than one, nobody knows which, and only what all of them tell counts. */
  notices: z.array(z.number().int()),
});
const laterView = z.object({ notice: z.number().int().nullable(), on: z.string().nullable(), delivery });
const retentionView = z.union([
  z.object({ kind: z.literal('until'), date: z.string() }),
  z.object({
    kind: z.literal('period'),
    months: z.number().int(),
    days: z.number().int(),
    from: z.enum([
      'collection',
      'last-act',
      'end-of-membership',
      'child-birthday',
      'youngest-child-birthday',
    ]),
    years: z.number().int().nullable(),
  }),
]);
const markedView = z.object({
  number: z.number().int(),
  kind: z.enum(['tells', 'never', 'only', 'asks']),
  purposes: z.array(z.string()),
  recipients: z.array(z.string()),
  data: z.array(z.object({ what: z.string(), ofChild: z.boolean() })),
  channels: z.array(z.string()),
  bases: z.array(z.string()),
  retention: retentionView.nullable(),
});
const changeView = z.object({
  notice: z.string(),
  from: z.string(),
  /** The words of each. */
  told: z.array(z.string()),
  dropped: z.array(z.string()),
  promised: z.array(z.string()),
  unpromised: z.array(z.string()),
  asked: z.array(z.string()),
  askedNoMore: z.array(z.string()),
});
const noticeView = z.object({
  number: z.number().int(),
  notice: z.string(),
  /** Where it was shown. */
  collectedBy: z.array(z.enum(['web', 'app', 'paper', 'phone'])),
  shownFrom: z.string(),
  shownUntil: z.string().nullable(),
  layers: z.array(
    z.object({
      number: z.number().int(),
      blocks: z.array(
        z.object({
          kind: z.enum(['heading', 'item', 'words']),
          parts: z.array(z.object({ text: z.string(), marks: z.array(z.number().int()) })),
        }),
      ),
    }),
  ),
  marked: z.array(markedView),
  /** What each later version of the same notice changed. */
  changes: z.array(changeView),
});
export const toldView = z
  .object({
    records: z.array(
      z.object({ number: z.number().int(), collections: z.array(collectionView), later: z.array(laterView) }),
    ),
    notices: z.array(noticeView),
  })
  .meta({ id: 'ToldTo' });
export type Told = z.output<typeof toldView>;
export type ToldNotice = z.output<typeof noticeView>;

export function toldTo(workspace: Workspace, records: readonly RecordRead[]): Told {
  const own = workspace.notices.filter(({ organisation }) => organisation === workspace.config.organisation);
  const shown: Notice[] = [];
  const numberOf = (notice: Notice): number => {
    if (!shown.includes(notice)) shown.push(notice);
    return shown.indexOf(notice) + 1;
  };
  const told = records.map(({ number, from, row, later }) => ({
    number,
    collections: from.collections.map((collection) => {
      const { base } = parseHistory(textOf(row[`h_${collection.id}`]) ?? '', '');
      const found = shownAtCollection(base, collection, own);
      const fields = from.fields
        .filter((field) => field.collection === collection.id)
        .map(({ name }) => name);
      return {
        ...{ fields, details: fields.map((field) => namedField(from, field)) },
        on: textOf(row[`on_${collection.id}`]),
        known: found.known,
        notices: found.candidates.map(numberOf),
      };
    }),
    later: parseHistory('', later).later.map((each) => {
      const notice = own.find(({ id }) => id === each.notice);
      return { notice: notice === undefined ? null : numberOf(notice), on: each.on, delivery: each.delivery };
    }),
  }));
  const names = new Map(workspace.organisations.map(({ id, legalName }) => [id, legalName]));
  return {
    records: told,
    notices: shown.map((notice, i) => ({ number: i + 1, ...noticeShown(notice, own, names) })),
  };
}

const textOf = (value: Row[string] | undefined): string | null => (typeof value === 'string' ? value : null);

function noticeShown(
  notice: Notice,
  all: readonly Notice[],
  names: ReadonlyMap<string, string>,
): Omit<ToldNotice, 'number'> {
  const { marked, layers } = markNotice(notice);
  const later = all
    .filter(({ family, shown }) => family === notice.family && shown.from > notice.shown.from)
    .sort((a, b) => (a.shown.from < b.shown.from ? -1 : 1));
  return {
    ...{ notice: notice.id, collectedBy: [...notice.collectedBy] },
    ...{ shownFrom: notice.shown.from, shownUntil: notice.shown.until },
    layers: layers.map(({ number, blocks }) => ({
      number,
      blocks: blocks.map(({ kind, parts }) => ({
        kind,
        parts: parts.map(({ text, marks }) => ({ text, marks: [...marks] })),
      })),
    })),
    marked: marked.map((each) => permits(each, names)),
    changes: later.map((version) => changed(notice, version)),
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
