/** Which stops stand, for whatever is shown of them: the first page, what can be taken back, the desk. */
import type { Permission, Stop } from '../../policy/facts.ts';
import type { Instant, Organisation, Source } from '../../policy/model.ts';
import { overtakes, permits } from '../../policy/permission.ts';
import { isWholeScope } from '../../policy/promises.ts';

/**
 * Those that no act has lifted (C3), with what was received up to this very instant. A consent of the identical scope that came
 * later counts, although there may be requests for which the gate counts it not: a stop that may hold no longer is not shown as
 * one that does.
 */
export function stopsStanding(
  stops: readonly Stop[],
  permissions: readonly Permission[],
  at: {
    readonly source: Source;
    readonly organisations: readonly Organisation[];
    readonly now: Instant;
  },
): readonly Stop[] {
  const acts = permissions.filter((permission) => permits(permission, at.now + 1));
  const register = new Map(at.organisations.map((each) => [each.id, each]));
  const lifts = (act: Permission, stop: Stop): boolean =>
    overtakes(act, stop) && (act.kind === 'lift' || !isWholeScope(stop.scope, at.source, register));
  return stops.filter((stop) => !acts.some((act) => lifts(act, stop)));
}
