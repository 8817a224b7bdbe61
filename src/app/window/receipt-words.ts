/** What a receipt names by a number alone, in words: what a yes was to, and which stop was taken back. */
import type { Preference } from '../../evidence/preference.ts';
import type { Scope } from '../../policy/model.ts';
import { isStop } from '../../policy/preference-event.ts';
import { preferencesIn, preparePreferences } from '../../store/preferences.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import type { Service } from '../flow/service.ts';
import { ledgerPatience } from '../people/prefer.ts';
import { agreedWording, type Wording } from './agreed-wording.ts';

export type ReceiptWords = {
  /** Null where the notice, or the consent in it, is not here any more; and of what has none. */
  readonly wording: Wording | null;
  /** Of the stop that was taken back; null where it was not recorded here, or was erased. */
  readonly lifted: Scope | null;
};
export const noWords: ReceiptWords = { wording: null, lifted: null };

type Named = Pick<Preference, 'type' | 'notice' | 'consent' | 'lifts' | 'signed'>;

/** For whoever may read the receipt. Errors: those of the workspace, LedgerError. */
export async function wordsOfReceipt(
  service: Service,
  org: string,
  { type, notice, consent, lifts, signed }: Named,
): Promise<ReceiptWords> {
  const workspace = await readWorkspace(service, org);
  const lifted = lifts === null ? null : await scopeOfStop(service, org, lifts);
  const wordingOf = await agreedWording(service, org, workspace);
  // When a yes was said that is taken back, nothing here says.
  return { wording: wordingOf(notice, consent, type === 'consent' ? signed : null), lifted };
}

async function scopeOfStop(service: Service, org: string, event: string): Promise<Scope | null> {
  const ledger = await peopleOptions(service, org).ledger.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    const found = await preferencesIn(ledger).find(event);
    return found === null || found.erased || !isStop(found.type) ? null : found.scope;
  } finally {
    await ledger.close();
  }
}
