/**
 * What was said of a record under its own name, and which of those stops stand: by its rows as they were last read, and by what
 * was recorded since. No source is read for it.
 */
import type { Workspace } from '../../documents/workspace.ts';
import type { Permission, Stop } from '../../policy/facts.ts';
import type { Instant } from '../../policy/model.ts';
import { isStop } from '../../policy/preference-event.ts';
import { timeOf } from '../../policy/times.ts';
import { preferencesIn, preparePreferences, type StoredPreference } from '../../store/preferences.ts';
import { peopleOptions } from '../flow/people-options.ts';
import type { Service } from '../flow/service.ts';
import { permissionOf, stopOf } from '../gate/event-rows.ts';
import { suppressed, suppressionKey } from '../gate/suppression-key.ts';
import { ledgerPatience } from '../people/prefer.ts';
import type { RecordRead } from './read-record.ts';
import { stopsStanding } from './stops-standing.ts';

export type OwnSaid = {
  /** Every event, erased or not: what was passed on of one of these, they said themselves. */
  readonly events: ReadonlySet<string>;
  /** Those that nothing of theirs has lifted. */
  readonly stops: readonly Stop[];
};
/** Of a record that is not there. */
export const nothingSaid: OwnSaid = { events: new Set(), stops: [] };

/** By the numbers of the records. Errors: KeyError, LedgerError. */
export async function ownSaid(
  service: Service,
  org: string,
  workspace: Workspace,
  records: readonly RecordRead[],
): Promise<ReadonlyMap<number, OwnSaid>> {
  const now = service.now().getTime();
  const ledger = await peopleOptions(service, org).ledger.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    const preferences = preferencesIn(ledger);
    const found = new Map<number, OwnSaid>();
    for (const record of records) {
      const key = suppressed(await suppressionKey(workspace.root, record.source), record.record);
      found.set(record.number, saidIn(workspace, record, await preferences.of(record.source, [key]), now));
    }
    return found;
  } finally {
    await ledger.close();
  }
}

function saidIn(
  { organisations }: Workspace,
  { from: source, stops: stopRows, permissions: permissionRows }: RecordRead,
  stored: readonly StoredPreference[],
  now: Instant,
): OwnSaid {
  const [read, permitted] = [stopRows.map(stopOf), permissionRows.map(permissionOf)];
  const known = new Set([...read, ...permitted].map(({ event }) => event));
  const since = stored.filter(({ event, erased }) => !erased && !known.has(event));
  const stops = [...read, ...since.filter(({ type }) => isStop(type)).map(stopIn)];
  const permissions = [...permitted, ...since.flatMap(permissionIn)];
  return {
    events: new Set([...read, ...stored].map(({ event }) => event)),
    stops: stopsStanding(stops, permissions, { source, organisations, now }),
  };
}

/** As the ingest reads its times (C2): one that cannot be read may be any. */
function stopIn({ event, scope, signed, received, logged }: StoredPreference): Stop {
  const times = [signed, received, logged].map((text) => timeOf(text)?.earliest ?? null);
  const known = times.filter((at) => at !== null);
  return {
    ...{ event, relation: 'own', scope, resolved: null },
    from: known.length < times.length ? null : Math.min(...known),
    received: timeOf(received)?.latest ?? null,
  };
}

function permissionIn(stored: StoredPreference): readonly Permission[] {
  const { event, type, scope, notice, consent, lifts, signed, received } = stored;
  if (type !== 'consent' && type !== 'lift') return [];
  const times = { signed: timeOf(signed)?.earliest ?? null, received: timeOf(received)?.latest ?? null };
  return [{ event, kind: type, scope, notice, consent, lifts, ...times }];
}
