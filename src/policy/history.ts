/** Which notices a record was shown (A6, A7): the snapshot's keys read back, and candidates by date and means. */
import { isDate } from './dates.ts';
import type { Base, Delivery, History, Known, Later } from './judgement.ts';
import type { CivilDate, CollectedBy, Collection, Notice } from './model.ts';

const channels: ReadonlySet<string> = new Set<CollectedBy>(['web', 'app', 'paper', 'phone']);
const isCollectedBy = (text: string): text is CollectedBy => channels.has(text);

/** Reads the snapshot's keys (`docs/formats.md`). What cannot be read is unknown, and refuses. */
export function parseHistory(base: string, later: string): History {
  return { ...parseFirst(base), later: parseLaterNotices(later) };
}

/** The base key alone: how the notice at collection is known, and where the data came from. */
export function parseFirst(key: string): Pick<History, 'base' | 'origin'> {
  const cut = key.lastIndexOf('^');
  const origin = cut < 0 ? '' : key.slice(cut + 1);
  return { base: parseBase(cut < 0 ? key : key.slice(0, cut)), origin: origin === '' ? null : origin };
}

/** The later key alone. */
export function parseLaterNotices(key: string): readonly Later[] {
  return key === '' ? [] : key.split('|').map(parseLater);
}

function parseBase(key: string): Base {
  if (key.startsWith('v:') && key.length > 2) return { kind: 'recorded', notice: key.slice(2) };
  if (key.startsWith('p:') && key.length > 2) return { kind: 'print-code', code: key.slice(2) };
  const derived = /^d:([^:]*):(.*)$/.exec(key);
  if (
    derived?.[1] !== undefined &&
    derived[2] !== undefined &&
    isCollectedBy(derived[1]) &&
    isDate(derived[2])
  ) {
    return { kind: 'derived', collectedBy: derived[1], on: derived[2] };
  }
  return { kind: 'unknown' };
}

function parseLater(text: string): Later {
  const [notice = '?', on = '?', delivery = ''] = text.split('~');
  return { notice, on: isDate(on) ? on : null, delivery: parseDelivery(delivery) };
}

/** Anything but a recorded delivery or bounce was merely sent: it can take away, and adds nothing (A7). */
function parseDelivery(text: string): Delivery {
  return text === 'delivered' || text === 'bounced' || text === 'earlier' ? text : 'sent';
}

/** The versions that may have been shown by that means on that day (A6). Without a recorded withdrawal: for ever. */
export function candidatesAt(
  notices: readonly Notice[],
  collectedBy: CollectedBy,
  on: CivilDate,
): readonly Notice[] {
  return notices.filter(
    (notice) =>
      notice.collectedBy.includes(collectedBy) &&
      notice.shown.from <= on &&
      (notice.shown.until === null || on <= notice.shown.until),
  );
}

export type Shown = {
  readonly known: Known;
  /** Every version that may have governed at collection; empty where none is known. */
  readonly candidates: readonly Notice[];
  /** Set where the record names a notice that is not on file. */
  readonly unknownNotice: boolean;
};

/** The versions that govern a record at collection. `notices` are the supplier's. */
export function shownAtCollection(base: Base, collection: Collection, notices: readonly Notice[]): Shown {
  switch (base.kind) {
    case 'recorded': {
      const candidates = notices.filter((notice) => notice.id === base.notice);
      return {
        known: candidates.length > 0 ? 'recorded' : 'unknown',
        candidates,
        unknownNotice: candidates.length === 0,
      };
    }
    case 'print-code': {
      const candidates = notices.filter((notice) => notice.printCode === base.code);
      return {
        known: candidates.length > 0 ? 'recorded' : 'unknown',
        candidates,
        unknownNotice: candidates.length === 0,
      };
    }
    case 'derived':
      return derived(base, collection, notices);
    case 'unknown':
      return { known: 'unknown', candidates: [], unknownNotice: false };
  }
}

function derived(
  base: Extract<Base, { kind: 'derived' }>,
  collection: Collection,
  notices: readonly Notice[],
): Shown {
  const signed = collection.reconstructions
    .filter(
      (r) => r.signedOff && r.collectedBy === base.collectedBy && r.from <= base.on && base.on <= r.until,
    )
    .map((r) => r.notice);
  const reconstructed = notices.filter((notice) => signed.includes(notice.id));
  // Signed for one that is not on file: nothing is known, rather than what might have been.
  if (signed.some((id) => !reconstructed.some((notice) => notice.id === id))) {
    return { known: 'unknown', candidates: [], unknownNotice: true };
  }
  if (reconstructed.length > 0)
    return { known: 'reconstructed', candidates: reconstructed, unknownNotice: false };
  const candidates = candidatesAt(notices, base.collectedBy, base.on);
  return { known: candidates.length > 0 ? 'derived' : 'unknown', candidates, unknownNotice: false };
}
