/** Notices as people were shown them before they were changed under the same id: what went before another text may not be forgotten. */
import { dayOf } from '../../policy/dates.ts';
import type { CivilDate, Instant, Notice } from '../../policy/model.ts';
import { isSameReading } from '../flow/notice-reading.ts';
import { isSameNotice, type NoticeVersion, noticeTexts, noticeVersions } from '../flow/notice-versions.ts';
import type { Service } from '../flow/service.ts';
import { readQueries, readsOf, wasShown } from '../flow/shown-notices.ts';

export type EarlierNotice = {
  readonly notice: Notice;
  /** When another was put in its place, in London. */
  readonly until: CivilDate;
  /** Its words, or to whom they were shown, were others; else only what they were taken to say. */
  readonly words: boolean;
};
/** The latest first. */
export type EarlierOf = (notice: Notice) => readonly EarlierNotice[];

/** Of those that records were read under, or that a list went out under. Errors: those of the state. */
export async function earlierNotices(
  service: Pick<Service, 'state' | 'now'>,
  org: string,
): Promise<EarlierOf> {
  const [texts, ingests, releases, unknown] = await service.state.look(org, (db) => [
    noticeTexts(db, org),
    ...readQueries(db, org),
  ]);
  const versions = noticeVersions(texts);
  const reads = readsOf(ingests, releases, unknown);
  const now = service.now().getTime();
  return (current) => {
    const all = versions.get(current.id) ?? [];
    const others = all
      .flatMap((version, i) => {
        const { notice } = version;
        const words = !isSameNotice(notice, current);
        const isOther = words || !isSameReading(notice, current);
        if (!isOther || !wasShown(version, reads, now)) return [];
        const until = endOf(all.slice(i), words ? isSameNotice : isSame);
        return until === null ? [] : [{ notice, until: dayOf(until), words }];
      })
      .reverse();
    return others.filter((one, i) =>
      others.slice(0, i).every(({ notice }) => !(one.words ? isSameNotice : isSame)(notice, one.notice)),
    );
  };
}

const isSame = (a: Notice, b: Notice): boolean => isSameNotice(a, b) && isSameReading(a, b);

/** When what the first of them is was there no more: what came after it may have been the same in that. */
function endOf(
  [first, ...later]: readonly NoticeVersion[],
  same: (a: Notice, b: Notice) => boolean,
): Instant | null {
  const next = later.findIndex(({ notice }) => first !== undefined && !same(notice, first.notice));
  return next < 0 ? null : (later[next]?.from ?? null);
}
