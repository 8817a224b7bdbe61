/**
 * `astold erase`: a person goes (E8). Their erasure is recorded, their nonce, salts and openings are destroyed, and of
 * their events a keyed hash stays, by which their stop is still obeyed. What the program cannot do, it says.
 */
import { relative } from 'node:path';
import { destroySecrets } from '../bulk/destroyed.ts';
import type { Engine } from '../bulk/engine.ts';
import { masterOf } from '../bulk/secrets.ts';
import { VaultError } from '../bulk/vault.ts';
import { readLogKey } from '../documents/log-key.ts';
import type { Workspace } from '../documents/workspace.ts';
import type { receivedBy } from '../evidence/preference.ts';
import type { Receipt } from '../evidence/receipt.ts';
import type { Signer } from '../log/keys.ts';
import { isSureTime, timeOf } from '../policy/times.ts';
import { openLedger } from '../store/ledger.ts';
import { openPreferences, type PreferenceEvent } from '../store/preferences.ts';
import { eraseFromBatch } from './erase-batch.ts';
import { findReleases } from './find-releases.ts';
import { sourceOf, withEngine } from './ingest.ts';
import { clockOf, ledgerPatience, newEvent, type PreferOptions, record } from './prefer.ts';
import { suppressed, suppressionKey } from './suppression-key.ts';

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
      /** The last the person gets: after this nobody can make their token again. Null where it was gone already. */
      readonly receipt: Receipt | null;
      /** How many events of theirs were blanked, and how many rows of imported batches. */
      readonly events: number;
      readonly batchRows: number;
      /** Releases whose lists hold them: what was supplied is for its recipients to delete. */
      readonly releases: readonly string[];
      /** Events of the source that name no record: whose they are, only a person can say. */
      readonly nameless: number;
    }
  | { readonly kind: 'refused'; readonly code: EraseRefusal; readonly message: string };
export type EraseRefusal = 'record-unknown' | 'already-erased' | 'time-malformed' | 'time-future';

/**
 * A run that was cut short is finished by another: nothing is destroyed twice. Errors: GateError `source-unknown`,
 * VaultError, KeyError, LedgerError.
 */
export async function erase(
  workspace: Workspace,
  input: EraseInput,
  options: PreferOptions,
): Promise<Erased> {
  const { root } = workspace;
  const source = sourceOf(workspace, input.source);
  const asked = input.received === null || !isSureTime(input.received) ? null : timeOf(input.received);
  if (input.received !== null && asked === null)
    return refuse('time-malformed', '--received is not a date (YYYY-MM-DD) or a time with its offset');
  if (asked !== null && asked.earliest > clockOf(workspace.config))
    return refuse('time-future', '--received is after now');
  const signer = await readLogKey(root);
  return withEngine(workspace, options, async (engine) => {
    const master = await masterOrNull(engine, root, source.id, input.person);
    const key = suppressed(await suppressionKey(root, source.id), input.person);
    const releases =
      master === null ? [] : (await findReleases(root, { kind: 'token', token: master })).present;
    const done = await eraseEvents(workspace, input, { master, key }, signer);
    if (done.kind === 'refused') return done;
    let batchRows = 0;
    for (const { digest } of done.batches)
      batchRows += await eraseFromBatch(engine, { root, digest, record: input.person, key });
    if (master !== null) await destroySecrets(engine, root, source.id, [input.person]);
    const { receipt, events, nameless } = done;
    return { kind: 'erased', receipt, events, batchRows, releases, nameless };
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

type EventsErased = {
  readonly kind: 'events-erased';
  readonly receipt: Receipt | null;
  readonly events: number;
  readonly nameless: number;
  readonly batches: readonly { readonly digest: string }[];
};

async function eraseEvents(
  workspace: Workspace,
  input: EraseInput,
  known: { readonly master: string | null; readonly key: string },
  signer: Signer,
): Promise<EventsErased | Extract<Erased, { kind: 'refused' }>> {
  const ledger = await openLedger(workspace.root, { waitMs: ledgerPatience });
  try {
    const preferences = openPreferences(ledger);
    const theirs = preferences.of(input.source, [known.key]);
    // What a cut run, or another erasure before this, has left to do.
    const open = theirs.filter((each) => !each.erased && each.who !== null);
    const unfinished = theirs.some(({ index }) => ledger.opening(index) !== 'destroyed');
    if (known.master === null && open.length === 0 && !unfinished) {
      return theirs.length === 0
        ? refuse('record-unknown', `source "${input.source}" has no such record, and no event of one`)
        : refuse('already-erased', 'that record was erased before, and nothing of it is left to erase');
    }
    const event = erasureOf(workspace, input);
    const recorder = { ledger, preferences, signer };
    const made = known.master === null ? null : record(recorder, workspace, event, null, known);
    ledger.commit((tx) => {
      for (const each of open) preferences.blank(tx, each.event);
    });
    ledger.destroyOpenings([...theirs.map(({ index }) => index), ...(made === null ? [] : [made.index])]);
    return {
      kind: 'events-erased',
      receipt: made?.receipt ?? null,
      events: open.length,
      nameless: preferences.nameless(input.source),
      batches: preferences.batches(input.source),
    };
  } finally {
    ledger.close();
  }
}

const refuse = (code: EraseRefusal, message: string): Extract<Erased, { kind: 'refused' }> => ({
  kind: 'refused',
  code,
  message,
});

function erasureOf({ config }: Workspace, { source, by, received }: EraseInput): PreferenceEvent {
  const now = new Date(clockOf(config)).toISOString();
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
  { releases, nameless, receipt }: Extract<Erased, { kind: 'erased' }>,
): readonly string[] {
  const file = relative(workspace.root, sourceOf(workspace, source).file.path);
  return [
    `take the record out of ${file}, and out of the preference events file of the source`,
    `remove .astold/snapshots: it holds the record until "${source}" is ingested again`,
    ...releases.map(
      (id) => `releases/${id} has them on its list: keep or remove it, and tell its recipients to delete`,
    ),
    ...(nameless === 0
      ? []
      : [
          `${nameless} events of "${source}" name no record: whether one is theirs, only somebody who looks can say`,
        ]),
    ...(receipt === null ? [] : ['hand over the receipt: nobody can make it, nor their token, again']),
    'backups of the vault hold their secrets until they are replaced',
  ];
}
