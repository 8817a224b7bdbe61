/** From when it counts that a stop is taken back, by the days that were said of it (C2): before it is recorded, and after. */
import type { Permission } from '../../policy/facts.ts';
import type { Instant } from '../../policy/model.ts';
import { overtakes } from '../../policy/permission.ts';
import { timeOf } from '../../policy/times.ts';
import type { StandingStop } from './standing.ts';

export type LiftDays = { readonly signed: string | null; readonly received: string | null };
export type LiftCounts =
  | { readonly kind: 'now' }
  /** It was received on a day that is not over, of which nobody knows the hour. */
  | { readonly kind: 'later' }
  /** The stop came on that day, or after it: it stays. */
  | { readonly kind: 'never' };

/** A day that is null is now, or the other one. */
export function liftCounts(
  days: LiftDays,
  { event, scope, received: stopped }: Pick<StandingStop, 'event' | 'scope' | 'received'>,
  now: Instant,
): LiftCounts {
  const present = new Date(now).toISOString();
  const received = timeOf(days.received ?? present)?.latest ?? null;
  const signed = timeOf(days.signed ?? days.received ?? present)?.earliest ?? null;
  const act: Permission = {
    ...{ event: '', kind: 'lift', lifts: event, notice: null, consent: null },
    ...{ scope, signed, received },
  };
  const stop = { event, relation: 'own', scope, from: null, received: stopped, resolved: null } as const;
  if (signed === null || received === null || signed > received || !overtakes(act, stop))
    return { kind: 'never' };
  return { kind: received < now + 1 ? 'now' : 'later' };
}
