/** Whether an event is what a letter said of whom nobody was found: what is of a record is no such letter's. */
import { isStop } from '../../policy/preference-event.ts';
import type { Actor, Service } from '../flow/service.ts';
import { storedEvents } from './stored-events.ts';

/** Errors: LedgerError. */
export async function isLetterRecorded(service: Service, { org }: Actor, event: string): Promise<boolean> {
  const [stored] = await storedEvents(service, org, [event]);
  return stored !== undefined && stored.key === null && isStop(stored.type) && !stored.erased;
}
