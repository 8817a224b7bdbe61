/** What a person recorded by saying whose a letter is, for the page that tells them: the stops of it, and of whom each is. */
import type { Actor, Service } from '../flow/service.ts';
import { isSafe } from './safe-contact.ts';
import { storedEvents } from './stored-events.ts';

export type StopRecorded = {
  readonly event: string;
  readonly record: string;
  /** They are to stay out of sight. */
  readonly safe: boolean;
};

/** Those of `events` that the actor recorded of the letter `stop`; null where they said of no such letter whose it is. */
export async function resolutionRecorded(
  service: Service,
  actor: Actor,
  { stop, events }: { readonly stop: string; readonly events: readonly string[] },
): Promise<readonly StopRecorded[] | null> {
  const { org } = actor;
  const row = await service.state.as(org, (tx) =>
    tx
      .selectFrom('resolution')
      .select(['source', 'record_keys'])
      .where('org', '=', org)
      .where('stop', '=', stop)
      .where('by_whom', '=', `${actor.kind}:${actor.id}`)
      .executeTakeFirst(),
  );
  if (row === undefined) return null;
  const found: StopRecorded[] = [];
  for (const { event, source, key, who } of await storedEvents(service, org, events)) {
    const record = who?.record ?? null;
    if (record === null || key === null || source !== row.source || !row.record_keys.includes(key)) continue;
    const safe = await service.state.as(org, (tx) => isSafe(tx, org, source, key));
    found.push({ event, record, safe });
  }
  return found;
}
