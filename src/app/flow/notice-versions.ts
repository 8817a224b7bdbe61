/** Every text that was ever put of a notice, and when it was the current one: what a page calls "as shown" is held against it. */
import { isDeepStrictEqual } from 'node:util';
import type { Consent, Instant, Notice } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { parsedNotice } from './parsed-notice.ts';

export type NoticeVersion = {
  readonly notice: Notice;
  /** From when it was the current one, and until another was; null: it is. */
  readonly from: Instant;
  readonly until: Instant | null;
};

/** All versions of all notices of an organisation; `changed_at` of those that are current alone. */
export const noticeTexts = (db: Pick<Tx, 'selectFrom'>, org: string) =>
  db
    .selectFrom('document')
    .leftJoin('document_current', (join) =>
      join
        .onRef('document_current.org', '=', 'document.org')
        .onRef('document_current.path', '=', 'document.path')
        .onRef('document_current.digest', '=', 'document.digest'),
    )
    .select([
      'document.path',
      'document.digest',
      'document.text',
      'document.made_at',
      'document_current.changed_at',
    ])
    .where('document.org', '=', org)
    .where('document.path', 'like', 'notices/%')
    .orderBy('document.made_at');

type NoticeText = {
  readonly path: string;
  readonly digest: string;
  readonly text: string;
  readonly made_at: Date;
  readonly changed_at: Date | null;
};

/**
 * By the id of the notice, the oldest first. Of a text that was put back only the first and the last time are known: what stood
 * between is said to have stood until then.
 */
export function noticeVersions(texts: readonly NoticeText[]): ReadonlyMap<string, readonly NoticeVersion[]> {
  const read = texts.flatMap((text) => {
    const notice = parsedNotice(text.path, text.digest, text.text);
    return notice === null ? [] : [{ ...text, notice }];
  });
  const versions = new Map<string, readonly NoticeVersion[]>();
  for (const id of new Set(read.map(({ notice }) => notice.id))) {
    const spans = read
      .filter(({ notice }) => notice.id === id)
      .flatMap(({ notice, made_at, changed_at }) => {
        const made = { notice, from: made_at.getTime(), current: false };
        const now = changed_at === null ? [] : [{ notice, from: changed_at.getTime(), current: true }];
        return now[0]?.from === made.from ? now : [made, ...now];
      })
      .sort((a, b) => a.from - b.from);
    const ends = (i: number): Instant => spans[i + 1]?.from ?? spans[i]?.from ?? 0;
    const all = spans.map(({ notice, from, current }, i) => ({
      ...{ notice, from, until: current ? null : ends(i) },
    }));
    versions.set(id, all);
  }
  return versions;
}

/** What people see of it, and who is taken to have seen it. */
export const isSameNotice = (a: Notice, b: Notice): boolean => isDeepStrictEqual(shownOf(a), shownOf(b));

function shownOf({ organisation, layers, shown, collectedBy, printCode }: Notice): unknown {
  const texts = layers.map(({ number, text }) => [number, text.replace(/\r\n?/g, '\n').trimEnd()]);
  return [organisation, texts, shown.from, [...collectedBy].sort(), printCode];
}

/** The words of a consent, and what they were taken to say. */
export function namedBy({
  kind,
  bundled,
  wording,
  purposes,
  contactChannels,
  controllers,
}: Consent): unknown {
  const sets = [purposes, contactChannels, controllers].map((terms) => [...terms].sort());
  return [kind, bundled, wording.text, sets];
}
