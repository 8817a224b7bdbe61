/**
 * Whose a stop is that names no record: a person says which records it is of, or that it is nobody's here (C4). What it
 * might plausibly be of ends with that; for each record the same stop is recorded, of the same times, all in one transaction.
 */

import { readLogKey } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { makeReceipt, type Receipt } from '../../evidence/receipt.ts';
import { isStop } from '../../policy/preference-event.ts';
import type { Alongside, LedgerTx } from '../../store/ledger.ts';
import {
  type Details,
  type PreferenceEvent,
  preferencesOf,
  preparePreferences,
  type StoredPreference,
} from '../../store/preferences.ts';
import { sourceOf } from '../gate/ingest.ts';
import {
  clockOf,
  type EventLogged,
  type Known,
  ledgerPatience,
  loggedIn,
  newEvent,
  type PreferOptions,
  type Recording,
  recordAll,
  whoIs,
} from './prefer.ts';
import { checkEntry, type PreferenceEntry, type Refused } from './prefer-check.ts';

export type Resolution = Pick<PreferenceEntry, 'source' | 'by' | 'signed' | 'received'> & {
  /** The stop. */
  readonly event: string;
  /** Whose it is, by their ids; none: nobody's here. */
  readonly records: readonly string[];
};
export type ResolvedStop = { readonly record: string; readonly key: string } & EventLogged & {
    readonly receipt: Receipt;
  };
export type Resolved =
  | {
      readonly kind: 'resolved';
      readonly event: string;
      readonly index: bigint;
      /** Of the resolution itself; each record's own is with its stop. */
      readonly receipt: Receipt;
      readonly stops: readonly ResolvedStop[];
    }
  /** Nothing was recorded. */
  | Refused;
export type ResolvedTogether = {
  readonly resolution: EventLogged;
  readonly stops: readonly Omit<ResolvedStop, 'receipt'>[];
};

const noDetails: Details = {
  ...{ email: null, phone: null, surname: null, addressLine: null, postcode: null, birthDate: null },
};

/**
 * `alongside` writes with the events and their log entries. Errors: GateError `source-unknown`, VaultError
 * (`record-unknown`, `secrets-destroyed` ...), KeyError, LedgerError, and of the ingest where secrets are yet to be drawn.
 */
export async function resolve(
  workspace: Workspace,
  given: Resolution,
  options: PreferOptions & { readonly alongside?: Alongside<ResolvedTogether> },
): Promise<Resolved> {
  const source = sourceOf(workspace, given.source);
  const entry = checkEntry(workspace, source, entryOf(given), clockOf(workspace.config));
  if (entry.kind === 'refused') return entry;
  const people: (Known & { readonly record: string })[] = [];
  for (const record of new Set(given.records)) {
    const known = await whoIs(workspace, source, { record, lifts: null }, options);
    if (known.kind === 'refused') return known;
    people.push({ record, master: known.master, key: known.key });
  }
  const ledger = await options.ledger.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    // Read first: what could not be promised is not recorded.
    const signer = await readLogKey(ledger.root);
    return await ledger.commit(async (tx) => {
      const stop = await openStop(tx, source.id, given.event);
      if (stop.kind === 'refused') return stop;
      const logged = loggedIn(tx, workspace.config);
      const { notice, consent, lifts, delivery, signed, received, receivedBy, type, scope } = entry;
      const resolution: PreferenceEvent = {
        ...{ event: newEvent(), source: source.id, type, scope, notice, consent, lifts, delivery },
        ...{ signed, received, logged, receivedBy },
      };
      const again = people.map((known): Recording & { readonly known: Known & { record: string } } => ({
        event: { ...saidIn(stop.event), event: newEvent(), logged },
        config: workspace.config,
        who: { record: known.record, details: noDetails },
        known,
      }));
      const of = { config: workspace.config, who: null, known: { master: null, key: null } };
      const done = await recordAll(tx, [{ event: resolution, ...of }, ...again]);
      const [first, ...rest] = done;
      if (first === undefined || rest.length !== again.length)
        throw new RangeError('an entry was not appended');
      const [whose] = people;
      if (whose?.key != null) await preferencesOf(tx).claim(given.event, whose.key);
      const stops = again.flatMap(({ event, known }, i) => {
        const one = rest[i];
        return one === undefined || known.key === null
          ? []
          : [
              {
                record: known.record,
                key: known.key,
                event,
                index: one.index,
                receipt: makeReceipt(one, signer),
              },
            ];
      });
      await options.alongside?.(tx, { resolution: { event: resolution, index: first.index }, stops });
      const receipt = makeReceipt(first, signer);
      return { kind: 'resolved', event: resolution.event, index: first.index, receipt, stops };
    });
  } finally {
    await ledger.close();
  }
}

function entryOf({ source, event, by, signed, received }: Resolution): PreferenceEntry {
  const none = { purpose: null, organisation: null, channel: null, field: null, notice: null, consent: null };
  const about = { source, person: null, details: noDetails, kind: 'resolution', lifts: event };
  return { ...about, ...none, delivery: null, by, signed, received };
}

const saidIn = ({ source, type, scope, notice, consent, lifts, delivery, ...rest }: StoredPreference) => ({
  ...{ source, type, scope, notice, consent, lifts, delivery },
  ...{ signed: rest.signed, received: rest.received, receivedBy: rest.receivedBy },
});

/** Recorded here, of nobody known, and not resolved yet: nothing else can be resolved. */
async function openStop(
  tx: LedgerTx,
  source: string,
  event: string,
): Promise<{ readonly kind: 'open'; readonly event: StoredPreference } | Refused> {
  const preferences = preferencesOf(tx);
  const found = await preferences.find(event);
  if ((await preferences.resolutionsOf(source, event)).length > 0)
    return { kind: 'refused', code: 'already-resolved', message: `"${event}" was resolved before` };
  const open =
    found !== null && found.source === source && !found.erased && found.who !== null && isStop(found.type);
  if (!open || found.key !== null || found.who?.record !== null)
    return {
      kind: 'refused',
      code: 'lifts-unknown',
      message: `no stop "${event}" that names no record was recorded here of source "${source}"`,
    };
  return { kind: 'open', event: found };
}
