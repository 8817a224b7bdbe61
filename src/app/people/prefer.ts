/**
 * `astold prefer`: records what somebody said of their data, and gives them a receipt. The event and its log entry are
 * committed together; what is not fit to be recorded is refused, and nothing of it is kept.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { ensureSecrets, masterOf } from '../../bulk/secrets.ts';
import { VaultError } from '../../bulk/vault.ts';
import type { Config } from '../../documents/config.ts';
import { readLogKey } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { type Preference, personOf } from '../../evidence/preference.ts';
import { makeReceipt, type Receipt } from '../../evidence/receipt.ts';
import type { LogContent } from '../../log/entry.ts';
import type { Signer } from '../../log/keys.ts';
import type { Source } from '../../policy/model.ts';
import { isStop } from '../../policy/preference-event.ts';
import { gathered } from '../../store/gathered.ts';
import type { Alongside, Appended, Ledger, LedgerTx } from '../../store/ledger.ts';
import { LedgerError } from '../../store/ledger-error.ts';
import { StateError } from '../../store/postgres/state-error.ts';
import {
  type PreferenceEvent,
  preferencesOf,
  preparePreferences,
  type Who,
} from '../../store/preferences.ts';
import { GateError, type GateOptions } from '../gate/context.ts';
import { sourceOf, withEngine } from '../gate/ingest.ts';
import { suppressed, suppressionKey } from '../gate/suppression-key.ts';
import type { Tokens } from './kept-tokens.ts';
import { type CheckedEntry, checkEntry, type PreferenceEntry, type Refused } from './prefer-check.ts';

export type PreferOptions = Omit<GateOptions, 'asOf'> & {
  /** Asked before the vault is read for one record alone. */
  readonly tokens?: Pick<Tokens, 'of'>;
};
export type EventLogged = { readonly event: PreferenceEvent; readonly index: bigint };
export type Preferred =
  | { readonly kind: 'recorded'; readonly receipt: Receipt; readonly index: bigint }
  /** Nothing was recorded. */
  | Refused;

/** How long an entry waits for others to be done with the ledger. */
export const ledgerPatience = 30_000;

/**
 * `alongside` writes with the event and its log entry. Errors: GateError `source-unknown`, VaultError (`record-unknown`, `secrets-destroyed` ...), KeyError, LedgerError, and
 * of the ingest where the source's secrets are yet to be drawn.
 */
export async function prefer(
  workspace: Workspace,
  given: PreferenceEntry,
  options: PreferOptions & { readonly alongside?: Alongside<EventLogged> },
): Promise<Preferred> {
  const source = sourceOf(workspace, given.source);
  const entry = checkEntry(workspace, source, given, clockOf(workspace.config));
  if (entry.kind === 'refused') return entry;
  if (entry.type === 'resolution') return notHere;
  const known = await whoIs(workspace, source, entry, options);
  if (known.kind === 'refused') return known;
  return recorded(workspace, { ...options, entry, known });
}

/** Of somebody who is not to be named: what a receipt commits to, and what stands for a record id. 32 hex digits each. */
export type KnownByKey = { readonly master: string; readonly key: string };

/**
 * The same of somebody of whom `known` is all that there is: neither a record id nor details are kept of them. What stands
 * for the id in `given` is not looked at. Errors as of `prefer`, but those of the vault.
 */
export async function preferKnown(
  workspace: Workspace,
  given: Omit<PreferenceEntry, 'person' | 'details'>,
  known: KnownByKey,
  options: PreferOptions & { readonly alongside?: Alongside<EventLogged> },
): Promise<Preferred> {
  const nothing = {
    email: null,
    phone: null,
    surname: null,
    addressLine: null,
    postcode: null,
    birthDate: null,
  };
  const named = { ...given, person: known.key, details: nothing };
  const entry = checkEntry(workspace, sourceOf(workspace, given.source), named, clockOf(workspace.config));
  if (entry.kind === 'refused') return entry;
  if (!isStop(entry.type) || entry.lifts !== null) return notHere;
  return recorded(workspace, { ...options, entry, known: { kind: 'by-key', ...known, liftable: false } });
}

async function recorded(
  workspace: Workspace,
  {
    entry,
    known,
    ...options
  }: PreferOptions & {
    readonly alongside?: Alongside<EventLogged>;
    readonly entry: CheckedEntry;
    readonly known: WhoIs;
  },
): Promise<Preferred> {
  const ledger = await options.ledger.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    const done = await recorderOf(ledger)({ ...{ workspace, entry, known }, alongside: options.alongside });
    if ('kind' in done) return done;
    return { kind: 'recorded', receipt: makeReceipt(done, done.signer), index: done.index };
  } finally {
    await ledger.close();
  }
}

/** The stops of whoever it is go with it: `resolve` records them together. */
const notHere: Refused = {
  kind: 'refused',
  code: 'option-unfitting',
  message: 'a resolution is not recorded as what somebody said of their data',
};

type Pending = {
  readonly workspace: Pick<Workspace, 'config'>;
  readonly entry: CheckedEntry;
  readonly known: WhoIs;
  readonly alongside: Alongside<EventLogged> | undefined;
};
type Promised = Logged & { readonly signer: Signer };
type Recorder = (pending: Pending) => Promise<Promised | Refused>;
const recorders = new WeakMap<Ledger, Recorder>();
/** Events that one transaction takes, and how often one begins. */
const gathering = { most: 100, every: 20 } as const;

/** Of all who have a ledger open: what comes at once is one transaction. */
function recorderOf(ledger: Ledger): Recorder {
  const found = recorders.get(ledger);
  if (found !== undefined) return found;
  const made = gathered<Pending, Promised | Refused>({
    async work(pending) {
      // Read first: what could not be promised is not recorded.
      const signer = await readLogKey(ledger.root);
      const done = await ledger.commit((tx) => recordPending(tx, pending));
      return done.map((each) => ('kind' in each ? each : { ...each, signer }));
    },
    ...gathering,
    // Nothing is tried again where it may have been done.
    alone: (error) => !(error instanceof StateError || error instanceof LedgerError),
  });
  recorders.set(ledger, made);
  return made;
}

async function recordPending(
  tx: LedgerTx,
  pending: readonly Pending[],
): Promise<readonly (Logged | Refused)[]> {
  const refusals = new Map<Pending, Refused>();
  for (const each of pending) {
    const { entry, known } = each;
    const refusal = known.liftable ? null : await liftRefusal(tx, entry, known.key);
    if (refusal !== null) refusals.set(each, refusal);
  }
  const fit = pending.filter((each) => !refusals.has(each));
  const events = fit.map(({ entry, workspace, known }): Recording => {
    const who: Who | null = known.kind === 'by-key' ? null : { record: entry.record, details: entry.details };
    return { event: eventOf(entry, workspace.config, tx), config: workspace.config, who, known };
  });
  const logged = await recordAll(tx, events);
  for (const [i, { alongside }] of fit.entries()) {
    const [recording, one] = [events[i], logged[i]];
    if (recording && one) await alongside?.(tx, { event: recording.event, index: one.index });
  }
  const places = new Map(fit.map((each, i) => [each, logged[i]]));
  return pending.map((each) => {
    const result = refusals.get(each) ?? places.get(each);
    if (result === undefined) throw new RangeError('an entry was not appended');
    return result;
  });
}

/** Why a stop cannot be lifted; null where it can, or where none is to be. */
async function liftRefusal(
  tx: LedgerTx,
  { lifts, source }: CheckedEntry,
  key: string | null,
): Promise<Refused | null> {
  if (lifts === null) return null;
  const lifted = await preferencesOf(tx).find(lifts);
  const theirs = lifted?.source === source.id && (lifted.key === null || lifted.key === key);
  if (lifted === null || lifted.erased || !theirs || !isStop(lifted.type)) return liftsUnknown(lifts);
  return null;
}

const liftsUnknown = (lifts: string): Refused => ({
  kind: 'refused',
  code: 'lifts-unknown',
  message: `no stop "${lifts}" is known of that record; look at its receipt, or at the preference events file`,
});

/** The present of a workspace in milliseconds: a reconstruction has a fixed clock (B6). */
export function clockOf({ kind, clock }: Pick<Config, 'kind' | 'clock'>): number {
  if (kind === 'live') return Date.now();
  if (clock === null) throw new GateError('as-of-future', 'a reconstruction needs a clock in astold.yaml');
  return clock;
}

/**
 * When something is logged, in the very transaction that logs it and once nobody else can log: a release that asks for
 * its cut-off (`freeze`) either finds the event in the log, or has an instant that is not after it.
 */
export const loggedIn = (tx: LedgerTx, config: Pick<Config, 'kind' | 'clock'>): string =>
  new Date(config.kind === 'live' ? tx.now() : clockOf(config)).toISOString();

function eventOf(entry: CheckedEntry, config: Config, tx: LedgerTx): PreferenceEvent {
  const { type, scope, notice, consent, lifts, delivery, signed, received, receivedBy } = entry;
  const said = { type, scope, notice, consent, lifts, delivery, signed, received, receivedBy };
  return { event: newEvent(), source: entry.source.id, ...said, logged: loggedIn(tx, config) };
}

/** It tells nothing of anybody. */
export const newEvent = (): string => `pe-${randomBytes(8).toString('hex')}`;

/** The person a token is of, and what of them stands in the ledger. */
export type Known = { readonly master: string | null; readonly key: string | null };

/** What a receipt is made of, and the place of the event in the log. */
export type Logged = Pick<Appended, 'entry' | 'index' | 'opening'> & {
  readonly content: Preference;
  readonly master: string | null;
};

/** Writes the event with its log entry; null for `who` keeps the key alone. */
export async function record(
  tx: LedgerTx,
  { config }: Pick<Workspace, 'config'>,
  event: PreferenceEvent,
  who: Who | null,
  { master, key }: Known,
): Promise<Logged> {
  const [one] = await recordAll(tx, [{ event, config, who, known: { master, key } }]);
  if (one === undefined) throw new RangeError('an entry was not appended');
  return one;
}

export type Recording = {
  readonly event: PreferenceEvent;
  readonly config: Config;
  readonly who: Who | null;
  readonly known: Known;
};

/** One entry for each, in their order. */
export async function recordAll(tx: LedgerTx, recordings: readonly Recording[]): Promise<readonly Logged[]> {
  const contents = recordings.map(({ event, config, known }) => contentOf(event, config, known.master));
  // Plain JSON: texts and nulls.
  const appended = await tx.append(contents as unknown as readonly LogContent[], null);
  const logged = appended.flatMap((one, i): Logged[] => {
    const content = contents[i];
    return content === undefined ? [] : [{ ...one, content, master: recordings[i]?.known.master ?? null }];
  });
  await preferencesOf(tx).addAll(
    recordings.flatMap(({ event, who, known: { key } }, i) => {
      const index = appended[i]?.index;
      return index === undefined ? [] : [{ event, who, key, index }];
    }),
  );
  return logged;
}

export function contentOf(event: PreferenceEvent, config: Config, master: string | null): Preference {
  const { logged, event: id, ...said } = event;
  return {
    kind: 'preference',
    at: logged,
    mark: config.kind === 'reconstruction' ? 'reconstruction' : null,
    event: id,
    organisation: config.organisation,
    person: master === null ? null : personOf(master),
    ...said,
  };
}

/** `by-key`: of whom neither an id nor details are to be kept. */
export type WhoIs = Known & { readonly kind: 'known' | 'by-key'; readonly liftable: boolean };

/** Errors: VaultError (`record-unknown`, `secrets-destroyed` ...), KeyError, and those of the ingest. */
export async function whoIs(
  workspace: Workspace,
  source: Source,
  { record: id, lifts }: Pick<CheckedEntry, 'record' | 'lifts'>,
  options: PreferOptions,
): Promise<WhoIs | Refused> {
  if (id === null) return { kind: 'known', master: null, key: null, liftable: false };
  const { root } = workspace;
  if (lifts === null) {
    const token = (await options.tokens?.of(source.id, id)) ?? null;
    if (token !== null) return { kind: 'known', ...token, liftable: false };
  }
  return withEngine(workspace, options, async (engine, snapshotOf) => {
    const master = await masterIn(engine, root, source, id, snapshotOf);
    const key = suppressed(await suppressionKey(root, source.id), id);
    if (lifts === null) return { kind: 'known', master, key, liftable: false };
    const snapshot = await snapshotOf(source);
    return { kind: 'known', master, key, liftable: await stopped(engine, snapshot, id, lifts) };
  });
}

type SnapshotOf = Parameters<Parameters<typeof withEngine>[2]>[1];

/** The token of a record; where it is not known, or nobody's is, the source is read as it now is. */
async function masterIn(
  engine: Engine,
  root: string,
  source: Source,
  id: string,
  snapshotOf: SnapshotOf,
): Promise<string> {
  const of = { root, source: source.id, record: id };
  try {
    return await masterOf(engine, of);
  } catch (error) {
    const fresh = error instanceof VaultError && ['secrets-missing', 'record-unknown'].includes(error.code);
    if (!fresh) throw error;
  }
  await ensureSecrets(engine, { root, source: source.id, snapshot: await snapshotOf(source) });
  return masterOf(engine, of);
}

/** Whether a stop of the source's own file, or one that reached the record, is that event. */
async function stopped(
  { rows, dialect }: Engine,
  { dir, eventsDir }: { readonly dir: string; readonly eventsDir: string },
  id: string,
  event: string,
): Promise<boolean> {
  const [stops, records] = [join(eventsDir, 'stops.parquet'), join(dir, 'records.parquet')];
  const found = await rows(
    `SELECT 1 AS one FROM ${dialect.parquet(stops)} s JOIN ${dialect.parquet(records)} r ON r."row" = s."row"
     WHERE s.event = ${dialect.literal(event)} AND r.rid = ${dialect.literal(id)} LIMIT 1`,
  );
  return found.length > 0;
}
