/** The last days that the rules count to. */
import type { GateContext } from './judgement.ts';
import type { CivilDate } from './model.ts';

/**
 * The last day that counts: the day by which all must be deleted, or the end of the use, and never before the day of
 * release itself (B5, C7).
 */
export function endOf(context: GateContext): CivilDate {
  return latest(context.day, context.request.use.until, context.request.deleteBy);
}

/** The last day of the use, and never before the day of release (C5). */
export function useEnd({ request, day }: GateContext): CivilDate {
  return latest(day, request.use.until);
}

const latest = (first: CivilDate, ...others: readonly CivilDate[]): CivilDate =>
  [first, ...others].sort().at(-1) ?? first;
