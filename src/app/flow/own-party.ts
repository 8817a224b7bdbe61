/** Whose rows somebody reaches: a recipient its own party's, and those who work for the organisation everybody's. */
import type { Actor } from './service.ts';

/** The one party; null where all are reached. Somebody with no role reaches none: no party has an empty name. */
export function ownParty(actor: Actor): string | null {
  if (actor.kind === 'member') return '';
  const wide = (['steward', 'officer', 'auditor'] as const).some((role) => actor.roles.has(role));
  return wide ? null : (actor.party ?? '');
}
