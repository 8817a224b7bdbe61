/**
 * A notice stays as people were shown it: from when their details were read, its words are those that we say they saw. From
 * when a list went out, nothing more is read into them either. Another version of a notice has another id.
 */
import { parseNotice } from '../../documents/notice.ts';
import { dayOf } from '../../policy/dates.ts';
import type { CivilDate, Instant, Notice } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { Files } from './current-documents.ts';
import { isNarrower, isPutBack } from './notice-reading.ts';
import { isSameNotice, type NoticeVersion, noticeTexts, noticeVersions } from './notice-versions.ts';
import { type Refused, refused } from './service.ts';

/** When the records of any source were read, and when a list of them went out. */
export type Reads = {
  readonly read: readonly Instant[];
  readonly released: readonly Instant[];
  /** A source was read for somebody who looked, and nobody knows when. */
  readonly everRead: boolean;
};

/** The three queries of `readsOf`, in their order. */
export const readQueries = (db: Pick<Tx, 'selectFrom'>, org: string) =>
  [
    db
      .selectFrom('ingest')
      .select('finished_at')
      .where('org', '=', org)
      .where('state', '=', 'done')
      .where('finished_at', 'is not', null),
    db.selectFrom('release').select('released_at').where('org', '=', org),
    db
      .selectFrom('contact_seen')
      .select('source')
      .where('org', '=', org)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('ingest')
              .select('ingest.id')
              .where('ingest.org', '=', org)
              .where('ingest.state', '=', 'done')
              .whereRef('ingest.source', '=', 'contact_seen.source'),
          ),
        ),
      )
      .limit(1),
  ] as const;

export const readsOf = (
  ingests: readonly { readonly finished_at: Date | null }[],
  releases: readonly { readonly released_at: Date }[],
  unknown: readonly unknown[],
): Reads => ({
  read: ingests.flatMap(({ finished_at }) => (finished_at === null ? [] : [finished_at.getTime()])),
  released: releases.map(({ released_at }) => released_at.getTime()),
  everRead: unknown.length > 0,
});

/** Whether records were read, or went out, while it was the current version and people may have been shown it. */
export const wasShown = (version: NoticeVersion, reads: Reads, now: Instant): boolean =>
  lastShown(version, reads, now) !== null;

/** The day, in London, of the last such reading or list; null: there was none. */
function lastShown(version: NoticeVersion, reads: Reads, now: Instant): CivilDate | null {
  const instants = [...reads.read, ...reads.released].filter((at) => isAt(version, at));
  const unknown = reads.everRead ? [version.until ?? now] : [];
  const days = [...instants, ...unknown].map(dayOf).filter((day) => version.notice.shown.from <= day);
  return days.sort().at(-1) ?? null;
}

const isAt = ({ from, until }: NoticeVersion, at: Instant): boolean =>
  from <= at && (until === null || at < until);

const wentOut = (version: NoticeVersion, { released }: Reads): boolean =>
  released.some((at) => isAt(version, at) && version.notice.shown.from <= dayOf(at));

/** The notices among `files` that lie at one of `paths`; one with faults was shown to nobody. */
export function noticesAt(files: Files, paths: Iterable<string>): readonly Notice[] {
  return [...paths].flatMap((path) => {
    const text = path.startsWith('notices/') ? files.get(path) : undefined;
    const notice = text === undefined ? null : parseNotice(path, text).notice;
    return notice === null ? [] : [notice];
  });
}

/**
 * `wrong-state` where one of `before` was shown, and `after` has it with other words, takes more from them, ends it on an
 * earlier day, or has it not at all; else null. What was shown, or permitted when a list went out, may be put back. In the
 * transaction that changes the documents.
 */
export async function shownAndChanged(
  tx: Tx,
  org: string,
  before: readonly Notice[],
  { notices }: { readonly notices: readonly Notice[] },
  now: Instant,
): Promise<Refused | null> {
  const changed = before.flatMap((notice) => {
    const after = notices.find(({ id }) => id === notice.id) ?? null;
    const same = after !== null && isSameNotice(notice, after) && isNarrower(notice, after, []);
    return same && !endsEarlier(notice, after) ? [] : [{ notice, after }];
  });
  if (changed.length === 0) return null;
  const versions = noticeVersions(await noticeTexts(tx, org).execute());
  const [ingests, releases, unknown] = readQueries(tx, org);
  const reads = readsOf(await ingests.execute(), await releases.execute(), await unknown.execute());
  for (const { notice, after } of changed) {
    const wrong = wrongIn(notice, after, versions.get(notice.id) ?? [], reads, now);
    if (wrong !== null) return refused('wrong-state', wrong);
  }
  return null;
}

function wrongIn(
  before: Notice,
  after: Notice | null,
  versions: readonly NoticeVersion[],
  reads: Reads,
  now: Instant,
): string | null {
  const shown = versions.filter((version) => wasShown(version, reads, now));
  if (shown.length === 0) return null;
  const seen = `${before.id} is what people were shown whose details are here`;
  if (after === null) return `${seen}: it is not removed`;
  const { until } = after.shown;
  const days = shown.map((version) => lastShown(version, reads, now) ?? '');
  const last = days.sort().at(-1) ?? '';
  if (until !== null && until < last && endsEarlier(before, after))
    return `${seen}, last on ${last}: that it is shown no more may be so from then, and not from ${until}, for who was shown it later is bound by it`;
  const same = (version: NoticeVersion): boolean => isSameNotice(version.notice, after);
  if (!isSameNotice(before, after))
    return shown.some((version) => same(version) && isPutBack(version.notice, before, after))
      ? null
      : `${seen}: ${stays}`;
  const out = versions.filter((version) => wentOut(version, reads));
  const also = out.filter(same).map(({ notice }) => notice);
  if (out.length > 0 && !isNarrower(before, after, also))
    return `a list went out while ${before.id} was shown: ${readNarrower}`;
  return null;
}

/** Whether days are taken out of the time in which it may have been shown: what it promised would bind nobody of those days. */
const endsEarlier = (before: Notice, { shown: { until } }: Notice): boolean =>
  until !== null && (before.shown.until === null || until < before.shown.until);

const another = 'say other words in another version, with another id';
const stays = `its words, where and from when it was shown stay as they are, or are put back as they were shown, with no permission or question that is not there now, and every promise that is; ${another}`;
const readNarrower = `its words may be taken to permit less (a permission taken out, or some of the terms, organisations or data that it names; a promise put in), and what was permitted when a list went out may be put back; never more, and what it asks stays as it is; ${another}`;
