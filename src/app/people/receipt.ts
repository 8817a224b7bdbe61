/** `astold receipt`: the receipt of a recorded event written again, with its proof once the log is published (E3). */
import { masterOf } from '../../bulk/secrets.ts';
import { readLogKey } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { personOf, preferenceSchema } from '../../evidence/preference.ts';
import { makeReceipt, type Receipt, ReceiptError, withProof } from '../../evidence/receipt.ts';
import { type LogPlace, placeOf } from '../../evidence/receipt-place.ts';
import type { Opening } from '../../log/entry.ts';
import type { LedgerPlace } from '../../store/ledger.ts';
import { preferencesIn, preparePreferences, type StoredPreference } from '../../store/preferences.ts';
import { publishedCheckpoint } from '../../store/standing-checkpoint.ts';
import { withEngine } from '../gate/ingest.ts';
import { ledgerPatience, type PreferOptions } from './prefer.ts';

export type ReceiptRefusal =
  | 'event-unknown'
  /** Who it was of, and what opens its entry, were destroyed (E8), and its entry is not published yet. */
  | 'event-erased';
export type ReceiptWritten =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  /** Of an event that was erased: nothing of it can be opened, and its entry is in the log all the same. */
  | { readonly kind: 'place'; readonly place: LogPlace }
  | { readonly kind: 'refused'; readonly code: ReceiptRefusal; readonly message: string };

/** Errors: ReceiptError, VaultError, KeyError, LedgerError, LogError. */
export async function receiptOf(
  workspace: Workspace,
  event: string,
  options: PreferOptions,
): Promise<ReceiptWritten> {
  const { root } = workspace;
  const signer = await readLogKey(root);
  const found = await lookUp(options.ledger, event);
  if (found.kind !== 'found') return found;
  const { stored, opening, entry, logged } = found;
  const content = preferenceSchema.safeParse(opening.content);
  if (!content.success)
    throw new ReceiptError('receipt-malformed', `the log entry of ${event} was made by another version`);
  const master = await tokenOf(workspace, stored, options);
  // Of whom nothing but a key is known here, the token is theirs alone: the receipt goes without it.
  const apart = stored.who === null && stored.key !== null && master === null;
  if (!apart && (master === null ? null : personOf(master)) !== content.data.person) {
    throw new ReceiptError(
      'receipt-other-person',
      `the vault gives another token than ${event} was logged with; put the vault of then back from its copy`,
    );
  }
  const receipt = makeReceipt({ entry, opening, content: content.data, master }, signer);
  return { kind: 'receipt', receipt: withProof(receipt, logged) };
}

type Found = {
  readonly kind: 'found';
  readonly stored: StoredPreference;
  readonly opening: Opening;
  readonly entry: Buffer;
  readonly logged: Parameters<typeof withProof>[1];
};
type Refused = Extract<ReceiptWritten, { kind: 'refused' }>;

async function lookUp(
  place: LedgerPlace,
  event: string,
): Promise<Found | Exclude<ReceiptWritten, { kind: 'receipt' }>> {
  const ledger = await place.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    const stored = await preferencesIn(ledger).find(event);
    if (stored === null)
      return refuse('event-unknown', `no event "${event}" was recorded here; its id stands on the receipt`);
    const [entry, opening] = [await ledger.entry(stored.index), await ledger.opening(stored.index)];
    const published = await publishedCheckpoint(place.root, ledger.verifier);
    const logged = published === null ? null : await ledger.prove(stored.index, published.text);
    if (stored.erased || opening === 'destroyed') {
      if (logged !== null) return { kind: 'place', place: placeOf(event, logged) };
      return refuse(
        'event-erased',
        `${event} was erased: who it was of is not known here any more, and its place in the log is there once the log is published: astold log publish`,
      );
    }
    if (entry === null || opening === null)
      throw new ReceiptError('receipt-malformed', `the ledger has no entry of ${event}; put its backup back`);
    return { kind: 'found', stored, opening, entry, logged };
  } finally {
    await ledger.close();
  }
}

const refuse = (code: ReceiptRefusal, message: string): Refused => ({ kind: 'refused', code, message });

async function tokenOf(
  workspace: Workspace,
  { source, who }: StoredPreference,
  options: PreferOptions,
): Promise<string | null> {
  const record = who?.record ?? null;
  if (record === null) return null;
  const { root } = workspace;
  const known = (await options.tokens?.of(source, record)) ?? null;
  if (known !== null) return known.master;
  return withEngine(workspace, options, (engine) => masterOf(engine, { root, source, record }));
}
