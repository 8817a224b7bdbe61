/**
 * By when what somebody asked for is to be answered, in calendar dates of Europe/London. A day that is no working day
 * counts as any other: to move it on is custom, not law.
 */
import { addPeriod } from '../../policy/dates.ts';
import type { CivilDate } from '../../policy/model.ts';
import type { CaseKind, CaseState } from '../../store/postgres/tables.ts';

export type Clock = {
  readonly kind: CaseKind;
  /** The day it was received, by whatever way. */
  readonly receivedOn: CivilDate;
  readonly extended: boolean;
  /** Days for which it stood, as something was waited for. */
  readonly stood: number;
};

/** UK GDPR Art 12(3), 12A: one calendar month from receipt; the last day of a month that is too short. */
const month = { months: 1, days: 0 };
/** Art 12(3): two further months, once, for a request that is complex or one of many. */
const extended = { months: 3, days: 0 };
/** s.164A DPA 2018, in force from 19 June 2026; what came before it by our own rule. */
const acknowledgement = { months: 0, days: 30 };

/** These are answered within a month, and may be given more time. */
export const isMonthly = (kind: CaseKind): boolean =>
  kind === 'access' || kind === 'correction' || kind === 'erasure';

/** Art 12A: a request for a copy alone waits for what is needed to answer it. To correct or erase, a question gives no more time. */
export const mayStand = (kind: CaseKind): boolean => kind === 'access';

/** The last day on which it is in time: of a complaint its acknowledgement, of the others the answer. */
export function dueOn({ kind, receivedOn, extended: more, stood }: Clock): CivilDate {
  // Art 21(3): no longer processed; there is nothing to wait for.
  if (kind === 'objection') return receivedOn;
  if (kind === 'complaint') return addPeriod(receivedOn, acknowledgement);
  return addPeriod(addPeriod(receivedOn, more ? extended : month), { months: 0, days: stood });
}

/** The person is told of it, with the reasons, within the month itself. */
export const mayExtend = (clock: Clock, today: CivilDate): boolean =>
  isMonthly(clock.kind) && !clock.extended && today <= dueOn(clock);

/** Of two days; negative where the second is before the first. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** Days for which the clock of a case stood between two days. */
export const stoodFor = (kind: CaseKind, from: CivilDate, to: CivilDate): number =>
  mayStand(kind) ? Math.max(0, daysBetween(from, to)) : 0;

export type Running = {
  readonly kind: CaseKind;
  readonly state: CaseState;
  readonly dueOn: CivilDate;
  readonly acknowledged: boolean;
  /** The day since which the person is waited for. */
  readonly waitingSince: CivilDate | null;
};
export type Due = {
  /** `outcome`: of a complaint that was acknowledged, without undue delay; the law names no day. */
  readonly what: 'answer' | 'acknowledge' | 'outcome' | 'nothing';
  readonly on: CivilDate | null;
  readonly overdue: boolean;
};

/** What is owed next. A clock that stands is not overdue, unless it was when it was stopped. */
export function dueNext(
  { kind, state, dueOn: on, acknowledged, waitingSince }: Running,
  today: CivilDate,
): Due {
  if (state === 'done' || state === 'refused') return { what: 'nothing', on: null, overdue: false };
  if (kind === 'complaint' && acknowledged) return { what: 'outcome', on: null, overdue: false };
  const counted = mayStand(kind) && waitingSince !== null ? waitingSince : today;
  return { what: kind === 'complaint' ? 'acknowledge' : 'answer', on, overdue: counted > on };
}
