/**
 * A history reduced to what can change its verdict (E2): it is judged from this alone, so whoever has the documents can
 * judge it again without a date, an id or a word of anybody's record.
 */
import { addPeriod } from './dates.ts';
import { parseFirst, parseLaterNotices, shownAtCollection } from './history.ts';
import type { GateContext, Later, ReducedHistory, ReducedLater, WhenShown } from './judgement.ts';
import type { CivilDate, Notice, Period } from './model.ts';

export type ReducedFirst = Omit<ReducedHistory, 'later'>;

/** What governed at collection, of the snapshot's base key. `notices` are the supplier's. */
export function reduceFirst(
  { source, upstream }: GateContext,
  notices: readonly Notice[],
  collection: string,
  key: string,
): ReducedFirst {
  const { base, origin } = parseFirst(key);
  const found = source.collections.find((c) => c.id === collection);
  const shown = found ? shownAtCollection(base, found, notices) : null;
  return {
    collection,
    origin: origin === 'own' || upstream.some((u) => u.id === origin) ? origin : null,
    known: shown?.known ?? 'unknown',
    unknownNotice: shown?.unknownNotice ?? false,
    candidates: (shown?.candidates ?? []).map((notice) => notice.id),
  };
}

/** Of each base key of a collection the one that is judged in its place; a key that is not there is not judged. */
export type Standing = ReadonlyMap<string, string>;

/**
 * Of the days of joining that lead to the same notices the first stands for all: a source has few notices, and years of
 * days. What is recorded stands for itself. `keys` in an order of their own.
 */
export function standingFor(context: GateContext, collection: string, keys: readonly string[]): Standing {
  const notices = supplied(context);
  const firsts = new Map<string, string>();
  return new Map(
    keys.map((key) => {
      const { kind } = parseFirst(key).base;
      if (kind === 'recorded' || kind === 'print-code') return [key, key];
      const same = JSON.stringify(reduceFirst(context, notices, collection, key));
      const first = firsts.get(same) ?? key;
      firsts.set(same, first);
      return [key, first];
    }),
  );
}

/** The notices of the one whose records these are. */
export const supplied = ({ notices, source }: GateContext): readonly Notice[] =>
  notices.filter((notice) => notice.organisation === source.organisation);

/** What a later notice is held against: `waitingPeriod` null where the rules only warn of it (A7, configurable). */
export type Elapsed = { readonly day: CivilDate; readonly waitingPeriod: Period | null };

/** What was shown by the day, of the snapshot's later key, in the order shown. */
export function reduceLater(
  key: string,
  notices: readonly Notice[],
  elapsed: Elapsed,
): readonly ReducedLater[] {
  const presented = undone(parseLaterNotices(key).filter((l) => l.on === null || l.on <= elapsed.day));
  return presented.map((later, i) => {
    const notice = notices.find((n) => n.id === later.notice);
    return {
      notice: notice?.id ?? null,
      delivery: later.delivery,
      when: whenShown(later.on, notice, elapsed),
      sameDay: i > 0 && later.on === presented[i - 1]?.on,
    };
  });
}

type Presented = Omit<Later, 'delivery'> & Pick<ReducedLater, 'delivery'>;

/** A bounce undoes every delivery of that notice up to it (A7). */
function undone(past: readonly Later[]): readonly Presented[] {
  const bounced = past.filter((l) => l.delivery === 'bounced');
  return past.flatMap(({ delivery, ...later }): readonly Presented[] => {
    if (delivery === 'bounced') return [];
    const returned = bounced.some(
      (b) => b.notice === later.notice && (b.on === null || later.on === null || b.on >= later.on),
    );
    return [{ ...later, delivery: returned && delivery === 'delivered' ? 'sent' : delivery }];
  });
}

function whenShown(
  on: CivilDate | null,
  notice: Notice | undefined,
  { day, waitingPeriod }: Elapsed,
): WhenShown {
  if (on === null) return 'unknown';
  if (notice && on < notice.shown.from) return 'impossible';
  return waitingPeriod !== null && addPeriod(on, waitingPeriod) > day ? 'recent' : 'past';
}
