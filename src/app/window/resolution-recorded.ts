/** What a person recorded by saying whose a letter is, for the page that tells them: the stops of it, and of whom each is. */
import type { StoredPreference } from '../../store/preferences.ts';
import { preferencesIn, preparePreferences } from '../../store/preferences.ts';
import { peopleOptions } from '../flow/people-options.ts';
import type { Actor, Service } from '../flow/service.ts';
import { ledgerPatience } from '../people/prefer.ts';
import { isSafe } from './safe-contact.ts';

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
  for (const { event, source, key, who } of await storedOf(service, org, events)) {
    const record = who?.record ?? null;
    if (record === null || key === null || source !== row.source || !row.record_keys.includes(key)) continue;
    const safe = await service.state.as(org, (tx) => isSafe(tx, org, source, key));
    found.push({ event, record, safe });
  }
  return found;
}

async function storedOf(
  service: Service,
  org: string,
  events: readonly string[],
): Promise<readonly StoredPreference[]> {
  const ledger = await peopleOptions(service, org).ledger.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    const preferences = preferencesIn(ledger);
    const found = [];
    for (const event of events) found.push(await preferences.find(event));
    return found.filter((each) => each !== null);
  } finally {
    await ledger.close();
  }
}
