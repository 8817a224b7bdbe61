/**
 * A notice stays as people were shown it: from when their details were read, its words are those that we say they saw. From
 * when a list went out, nothing more is read into them either. Another version of a notice has another id.
 */
import { parseNotice } from '../../documents/notice.ts';
import { dayOf } from '../../policy/dates.ts';
import type { Instant, Notice } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { Files } from './current-documents.ts';
import {
  isNarrower,
  isSameNotice,
  type NoticeVersion,
  noticeTexts,
  noticeVersions,
} from './notice-versions.ts';
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
export const wasShown = (
  version: NoticeVersion,
  { read, released, everRead }: Reads,
  now: Instant,
): boolean =>
  (everRead && version.notice.shown.from <= dayOf(version.until ?? now)) ||
  isAmong(version, [...read, ...released]);

function isAmong({ notice, from, until }: NoticeVersion, instants: readonly Instant[]): boolean {
  return instants.some(
    (at) => from <= at && (until === null || at < until) && notice.shown.from <= dayOf(at),
  );
}

/** The notices among `files` that lie at one of `paths`; one with faults was shown to nobody. */
export function noticesAt(files: Files, paths: Iterable<string>): readonly Notice[] {
  return [...paths].flatMap((path) => {
    const text = path.startsWith('notices/') ? files.get(path) : undefined;
    const notice = text === undefined ? null : parseNotice(path, text).notice;
    return notice === null ? [] : [notice];
  });
}

/**
 * `wrong-state` where one of `before` was shown, and `after` has it with other words, takes more from them, or has it not at
 * all; else null. Until when it is shown may change. In the transaction that changes the documents.
 */
export async function shownAndChanged(
  tx: Tx,
  org: string,
  before: readonly Notice[],
  { notices }: { readonly notices: readonly Notice[] },
  now: Instant,
): Promise<Refused | null> {
  const changed = before.flatMap((notice) => {
    const after = notices.find(({ id }) => id === notice.id);
    const kept = after !== undefined && isSameNotice(notice, after);
    return kept && isNarrower(notice, after) ? [] : [{ notice, kept }];
  });
  if (changed.length === 0) return null;
  const versions = noticeVersions(await noticeTexts(tx, org).execute());
  const [ingests, releases, unknown] = readQueries(tx, org);
  const reads = readsOf(await ingests.execute(), await releases.execute(), await unknown.execute());
  for (const { notice, kept } of changed) {
    const all = versions.get(notice.id) ?? [];
    if (!kept && all.some((each) => wasShown(each, reads, now)))
      return refused(
        'wrong-state',
        `${notice.id} is what people were shown whose details are here: ${stays}`,
      );
    if (kept && all.some((each) => isAmong(each, reads.released)))
      return refused('wrong-state', `a list went out while ${notice.id} was shown: ${readNarrower}`);
  }
  return null;
}

const another = 'say other words in another version, with another id';
const stays = `its words, where and from when it was shown stay as they are, and it is not removed; ${another}`;
const readNarrower = `its words may be taken to permit less, never more, and what it asks stays as it is; ${another}`;
