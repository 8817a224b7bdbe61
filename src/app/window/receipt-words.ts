/** What a receipt names by a number alone, in words: what a yes was to, and which stop was taken back. */
import type { Workspace } from '../../documents/workspace.ts';
import type { Preference } from '../../evidence/preference.ts';
import type { Scope } from '../../policy/model.ts';
import { isStop } from '../../policy/preference-event.ts';
import { preferencesIn, preparePreferences } from '../../store/preferences.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import type { Service } from '../flow/service.ts';
import { ledgerPatience } from '../people/prefer.ts';

export type ReceiptWords = {
  /** Null where the notice, or the consent in it, is not here any more; and of what has none. */
  readonly wording: string | null;
  /** Of the stop that was taken back; null where it was not recorded here, or was erased. */
  readonly lifted: Scope | null;
};
export const noWords: ReceiptWords = { wording: null, lifted: null };

type Named = Pick<Preference, 'notice' | 'consent' | 'lifts'>;

/** For whoever may read the receipt. Errors: those of the workspace, LedgerError. */
export async function wordsOfReceipt(
  service: Service,
  org: string,
  { notice, consent, lifts }: Named,
): Promise<ReceiptWords> {
  const workspace = await readWorkspace(service, org);
  const lifted = lifts === null ? null : await scopeOfStop(service, org, lifts);
  return { wording: wordingIn(workspace, notice, consent), lifted };
}

/** A notice that was shown is not changed: another version of it has another id. */
export const wordingIn = (
  { notices }: Pick<Workspace, 'notices'>,
  notice: string | null,
  consent: string | null,
): string | null =>
  notices.find(({ id }) => id === notice)?.consents.find(({ id }) => id === consent)?.wording.text ?? null;

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
