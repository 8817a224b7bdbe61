/** Recorded events by their numbers, as the ledger has them; a number of none is passed over. */
import { preferencesIn, preparePreferences, type StoredPreference } from '../../store/preferences.ts';
import { peopleOptions } from '../flow/people-options.ts';
import type { Service } from '../flow/service.ts';
import { ledgerPatience } from '../people/prefer.ts';

/** Erased ones too. Errors: LedgerError. */
export async function storedEvents(
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
