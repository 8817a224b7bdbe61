/** What a permission does by its times and its scope (C2, C3), before it is asked whether it counts for a request. */
import type { Permission, Stop } from './facts.ts';
import type { Instant } from './model.ts';
import { isSameScope } from './scope-parts.ts';

/** One at the very cut-off is not in; one with no provable time, or signed after it came, never is (C2, C9). */
export function permits({ signed, received }: Permission, cutOff: Instant): boolean {
  return signed !== null && received !== null && signed <= received && received < cutOff;
}

/**
 * Whether it was signed after the stop was received, and is an act that showed it, or a consent of the identical scope. No
 * consent meets a stop of which nobody knows yet whose it is (C4). Ties, and times that are not known, favour the stop.
 */
export function overtakes({ kind, lifts, scope, signed }: Permission, stop: Stop): boolean {
  if (signed === null || stop.received === null || signed <= stop.received) return false;
  if (kind === 'lift') return lifts === stop.event;
  return stop.relation !== 'plausible' && isSameScope(stop.scope, scope);
}
