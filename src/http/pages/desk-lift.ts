/** What is said of a stop taken back, before it is recorded and after: it may stand all the same, by the days of both (C2). */
import { type LiftDays, liftCounts } from '../../app/window/lift-counts.ts';
import type { SaidItem } from '../../app/window/said-of.ts';
import type { StandingStop } from '../../app/window/standing.ts';
import type { DeskPlace } from '../../pages/window/desk-find.ts';
import type { Instant } from '../../policy/model.ts';

type EntryWords = DeskPlace['words']['entry'];

export function effectOfLift(entry: EntryWords, stop: StandingStop, days: LiftDays, now: Instant): string {
  const { kind } = liftCounts(days, stop, now);
  return kind === 'now' ? entry.effectLift : entry.effectLiftBy[kind];
}

/** `stops`: those that stand once it is recorded. */
export function panelOfLift(
  entry: EntryWords,
  lift: SaidItem,
  stops: readonly StandingStop[],
  now: Instant,
): string {
  const still = stops.find(({ event }) => event === lift.lifts);
  if (still === undefined) return entry.holds;
  const { kind } = liftCounts({ signed: lift.signed ?? lift.at, received: lift.at }, still, now);
  return entry.liftedBy[kind === 'later' ? kind : 'never'];
}
