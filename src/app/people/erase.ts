/**
 * `astold erase`: a person goes (E8). Their erasure is recorded, their nonce, salts and openings are destroyed, and of
 * their events a keyed hash stays, by which their stop is still obeyed. Before anything is destroyed they have their
 * receipt. What the program cannot do, it says.
 */
import { relative } from 'node:path';
import { destroySecrets } from '../../bulk/destroyed.ts';
import type { Engine } from '../../bulk/engine.ts';
import { masterOf } from '../../bulk/secrets.ts';
import { VaultError } from '../../bulk/vault.ts';
import { readLogKey } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { personOf, preferenceSchema } from '../../evidence/preference.ts';
import { makeReceipt, type Receipt, ReceiptError } from '../../evidence/receipt.ts';
import type { Signer } from '../../log/keys.ts';
import { firstDay } from '../../policy/dates.ts';
import { counted } from '../../policy/figures.ts';
import type { receivedBy } from '../../policy/preference-event.ts';
import { isSureTime, timeOf } from '../../policy/times.ts';
import type { LedgerPlace, LedgerReader, LedgerTx } from '../../store/ledger.ts';
import {
  type PreferenceEvent,
  preferencesIn,
  preferencesOf,
  preparePreferences,
  type StoredPreference,
} from '../../store/preferences.ts';
import { findReleases } from '../gate/find-releases.ts';
import { sourceOf, withEngine } from '../gate/ingest.ts';
import { suppressed, suppressionKey } from '../gate/suppression-key.ts';
import { requireBatch } from './batch-file.ts';
import { eraseFromBatch } from './erase-batch.ts';
import { clockOf, ledgerPatience, loggedIn, newEvent, type PreferOptions, record } from './prefer.ts';

export type EraseInput = {
  readonly source: string;
  readonly person: string;
  readonly by: (typeof receivedBy)[number];
  /** When it was asked; null: now. */
  readonly received: string | null;
};
export type Erased =
  | {
      readonly kind: 'erased';
      /** The last the person gets, which was given: nobody can make their token again. Null where it was gone already. */
      readonly receipt: Receipt | null;
      /** How many events of theirs were blanked, and how many rows of imported batches. */
      readonly events: number;
      readonly batchRows: number;
      /** Releases whose lists hold them: what was supplied is for its recipients to delete. */
      readonly releases: readonly string[];
      /** Events of the source, imported ones too, that name no record: whose they are, only a person can say. */
      readonly nameless: number;
    }
  | { readonly kind: 'refused'; readonly code: EraseRefusal; readonly message: string };
export type EraseRefusal = 'record-unknown' | 'already-erased' | 'time-malformed' | 'time-future';

/**
 * `give` has the receipt on the disk when it resolves; only then is anything destroyed. A run that was cut short is
 * finished by another, under the same event: nothing is recorded or destroyed twice. Errors: GateError `source-unknown`,
 * VaultError, KeyError, LedgerError, BatchFileError, ReceiptError, and those of `give`.
 */
export async function erase(
  workspace: Workspace,
  input: EraseInput,
  options: PreferOptions,
  give: (receipt: Receipt) => Promise<void>,
): Promise<Erased> {
  const { root } = workspace;
  const source = sourceOf(workspace, input.source);
  const sure = input.received !== null && isSureTime(input.received) && input.received >= firstDay;
  const asked = sure ? timeOf(input.received) : null;
  if (input.received !== null && asked === null)
    return refuse(
      'time-malformed',
      '--received is not a date (YYYY-MM-DD) or a time with its offset, from 1900',
    );
  if (asked !== null && asked.earliest > clockOf(workspace.config))
    return refuse('time-future', '--received is after now');
  const signer = await readLogKey(root);
  return withEngine(workspace, options, async (engine) => {
    const master = await masterOrNull(engine, root, source.id, input.person);
    const key = suppressed(await suppressionKey(root, source.id), input.person);
    const releases =
      master === null ? [] : (await findReleases(root, { kind: 'token', token: master })).present;
    const known = { master, key };
    const place = options.ledger;
    const begun = await begin(workspace, place, input, known, signer);
    if (begun.kind === 'refused') return begun;
    const { event, receipt } = begun;
    if (receipt !== null) await give(receipt);
    const done = await eraseEvents(place, source.id, key);
    let { nameless } = done;
    let batchRows = 0;
    for (const { digest } of done.batches) {
      const rows = await eraseFromBatch(engine, { place, digest, record: input.person, key });
      batchRows += rows.erased;
      nameless += rows.nameless;
    }
    if (master !== null) await destroySecrets(engine, root, source.id, [input.person]);
    if (event !== null) await end(place, event);
    return { kind: 'erased', receipt, events: done.events, batchRows, releases, nameless };
  });
}

/** Null where the secrets are gone: of a run that was cut short the rest is still to be done. */
async function masterOrNull(
  engine: Engine,
  root: string,
  source: string,
  id: string,
): Promise<string | null> {
  try {
    return await masterOf(engine, { root, source, record: id });
  } catch (error) {
    const gone = ['secrets-destroyed', 'record-unknown', 'secrets-missing'];
    if (error instanceof VaultError && gone.includes(error.code)) return null;
    throw error;
  }
}

type Begun = {
  readonly kind: 'begun';
  /** Null where a run before this, of which nothing is known, has left something to destroy. */
  readonly event: string | null;
  /** Null where it cannot be made any more: it was given before. */
  readonly receipt: Receipt | null;
};
type KnownPerson = { readonly master: string | null; readonly key: string };

type Refusal = Extract<Erased, { kind: 'refused' }>;

/** Records the erasure, or takes up the one that stands; nothing is destroyed yet. */
async function begin(
  workspace: Workspace,
  place: LedgerPlace,
  input: EraseInput,
  known: KnownPerson,
  signer: Signer,
): Promise<Begun | Refusal> {
  const ledger = await place.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    const preferences = preferencesIn(ledger);
    // First: an erasure that could not be finished is not begun.
    for (const { digest } of await preferences.batches(input.source))
      await requireBatch(place.root, preferences, digest);
    return await ledger.commit((tx) => beginIn(tx, workspace, input, known, signer));
  } finally {
    await ledger.close();
  }
}

async function beginIn(
  tx: LedgerTx,
  workspace: Workspace,
  input: EraseInput,
  { master, key }: KnownPerson,
  signer: Signer,
): Promise<Begun | Refusal> {
  const preferences = preferencesOf(tx);
  const standing = await preferences.openErasure(input.source, key);
  if (standing !== null)
    return { kind: 'begun', event: standing.event, receipt: await again(tx, standing, master, signer) };
  if (master === null) {
    const theirs = await preferences.of(input.source, [key]);
    if (await leaves(tx, theirs)) return { kind: 'begun', event: null, receipt: null };
    return theirs.length === 0
      ? refuse('record-unknown', `source "${input.source}" has no such record, and no event of one`)
      : refuse('already-erased', 'that record was erased before, and nothing of it is left to erase');
  }
  const event = erasureOf(input, loggedIn(tx, workspace.config));
  const logged = await record(tx, workspace, event, null, { master, key });
  await preferences.beginErasure(event.event);
  return { kind: 'begun', event: event.event, receipt: makeReceipt(logged, signer) };
}

/** Whether anything of these is still to be destroyed. */
async function leaves(view: LedgerReader, theirs: readonly StoredPreference[]): Promise<boolean> {
  for (const { index, erased, who } of theirs)
    if ((!erased && who !== null) || (await view.opening(index)) !== 'destroyed') return true;
  return false;
}

/** The receipt of an erasure that a run before this has begun, the very same; null where nothing opens its entry any more. */
async function again(
  view: LedgerReader,
  { event, index }: StoredPreference,
  master: string | null,
  signer: Signer,
): Promise<Receipt | null> {
  const [entry, opening] = [await view.entry(index), await view.opening(index)];
  if (opening === 'destroyed' || master === null) return null;
  const content = preferenceSchema.safeParse(opening?.content);
  if (entry === null || opening === null || !content.success)
    throw new ReceiptError('receipt-malformed', `the ledger does not open ${event}; put its backup back`);
  if (content.data.person === personOf(master))
    return makeReceipt({ entry, opening, content: content.data, master }, signer);
  throw new ReceiptError(
    'receipt-other-person',
    `the vault gives another token than ${event} was logged with; put the vault of then back from its copy`,
  );
}

type EventsErased = {
  readonly events: number;
  readonly nameless: number;
  readonly batches: readonly { readonly digest: string }[];
};

/** Takes the person out of the ledger: their words, and what opens the entries of their events. */
async function eraseEvents(place: LedgerPlace, source: string, key: string): Promise<EventsErased> {
  const ledger = await place.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    const { theirs, open } = await ledger.commit(async (tx) => {
      const preferences = preferencesOf(tx);
      const theirs = await preferences.of(source, [key]);
      const open = theirs.filter((each) => !each.erased && each.who !== null);
      for (const each of open) await preferences.blank(each.event);
      return { theirs, open };
    });
    await ledger.destroyOpenings(theirs.map(({ index }) => index));
    const preferences = preferencesIn(ledger);
    return {
      events: open.length,
      nameless: (await preferences.withoutRecord(source)).length,
      batches: await preferences.batches(source),
    };
  } finally {
    await ledger.close();
  }
}

async function end(place: LedgerPlace, event: string): Promise<void> {
  const ledger = await place.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    await ledger.commit((tx) => preferencesOf(tx).endErasure(event));
  } finally {
    await ledger.close();
  }
}

const refuse = (code: EraseRefusal, message: string): Refusal => ({
  kind: 'refused',
  code,
  message,
});

function erasureOf({ source, by, received }: EraseInput, now: string): PreferenceEvent {
  return {
    event: newEvent(),
    source,
    type: 'erasure',
    scope: { purpose: 'all', organisation: 'all', contactChannel: 'all', field: 'all' },
    notice: null,
    consent: null,
    lifts: null,
    delivery: null,
    signed: received ?? now,
    received: received ?? now,
    logged: now,
    receivedBy: by,
  };
}

/** What the program cannot do for a person, in words. */
export function leftToDo(
  workspace: Workspace,
  source: string,
  {
    releases,
    nameless,
    receipt,
  }: Pick<Extract<Erased, { kind: 'erased' }>, 'releases' | 'nameless' | 'receipt'>,
): readonly string[] {
  const file = relative(workspace.root, sourceOf(workspace, source).file.path);
  return [
    `take the record out of ${file}, and out of the preference events file of the source`,
    `see that it does not come back into "${source}" under an id written otherwise (capitals, leading zeros): their stop is found by the id as it was written, and by nothing else`,
    `remove .astold/snapshots: it holds the record until "${source}" is ingested again`,
    ...releases.map(
      (id) => `releases/${id} has them on its list: keep or remove it, and tell its recipients to delete`,
    ),
    ...(nameless === 0
      ? []
      : [
          `${counted(nameless, 'event')} of "${source}" ${nameless === 1 ? 'names' : 'name'} no record: whether one is theirs, only somebody who looks can say`,
        ]),
    ...(receipt === null
      ? []
      : [
          'hand over the receipt: nobody can make it, nor their token, again',
          `once the log is published (astold log publish), astold receipt ${receipt.content.event} gives its place in the log, to be put beside that receipt`,
        ]),
    'backups of the vault hold their secrets until they are replaced',
  ];
}
