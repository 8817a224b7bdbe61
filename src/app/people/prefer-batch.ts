/**
 * `astold prefer --import`: a file of preference events, recorded as one batch under one log entry. It is taken whole
 * or not at all; the vault keeps it, and each row can be opened by itself.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { publishFile } from '../../bulk/ingest/publish.ts';
import { openFile } from '../../bulk/ingest/table.ts';
import { closeWorkplace, openWorkplace } from '../../bulk/ingest/workplace.ts';
import { fileDigest } from '../../bulk/outputs/manifest.ts';
import { type BatchFault, type BatchMade, makeBatch, saltsPath } from '../../bulk/preference-batch.ts';
import { ensureSecrets } from '../../bulk/secrets.ts';
import { openVault, withLock } from '../../bulk/vault.ts';
import { readLogKey } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { BatchContent } from '../../evidence/batch-receipt.ts';
import type { LogContent } from '../../log/entry.ts';
import { moment } from '../../policy/figures.ts';
import type { ReceivedBy } from '../../policy/preference-event.ts';
import { keyedHash } from '../../roster/token.ts';
import type { LedgerPlace, LedgerTx } from '../../store/ledger.ts';
import {
  type PreferenceBatch,
  type Preferences,
  preferencesIn,
  preferencesOf,
  preparePreferences,
} from '../../store/preferences.ts';
import { sourceOf, withEngine } from '../gate/ingest.ts';
import { batchFolder, batchPath } from './batch-file.ts';
import { ledgerPatience, loggedIn, type PreferOptions } from './prefer.ts';

export type BatchImported =
  | { readonly kind: 'imported'; readonly batch: PreferenceBatch; readonly known: number }
  | {
      readonly kind: 'refused';
      readonly code: BatchFault['code'] | 'batch-known';
      readonly message: string;
      /** In the file; null where it is of no one line. */
      readonly line: number | null;
    };

/** `receivedBy`: how all that is in the file was received; not there, nobody says it. */
export type ImportOptions = PreferOptions & { readonly receivedBy?: ReceivedBy };

/** Errors: GateError `source-unknown`, IngestError, VaultError, KeyError, LedgerError. */
export async function importPreferences(
  workspace: Workspace,
  sourceId: string,
  file: string,
  options: ImportOptions,
): Promise<BatchImported> {
  const { root } = workspace;
  const source = sourceOf(workspace, sourceId);
  // Read first: without the log's key nothing can be promised of the batch.
  await readLogKey(root);
  openVault(root, source.id);
  const dir = batchFolder(root);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return withLock(join(dir, 'lock'), 'the imported preference events', () =>
    withEngine(workspace, options, async (engine, snapshotOf) => {
      const work = openWorkplace(dir);
      try {
        const spec = { path: file, format: formatOf(file), encoding: null, delimiter: null } as const;
        const opened = await openFile({ ...spec, dateFormat: 'YYYY-MM-DD' }, { dir: work, name: 'file' });
        const before = await standing(options.ledger, opened.file.digest);
        if (before !== null) return before;
        const snapshot = await snapshotOf(source);
        const secrets = await ensureSecrets(engine, { root, source: source.id, snapshot });
        const made = await makeBatch(engine, opened, work, secrets);
        if (made.kind === 'fault') return refuse(made);
        const batch = await keep(workspace, source.id, opened.file.digest, made, work, options);
        return batch.kind === 'refused' ? batch : { kind: 'imported', batch, known: made.known };
      } finally {
        closeWorkplace(work);
      }
    }),
  );
}

const formatOf = (file: string): 'csv' | 'parquet' => (/\.parquet$/i.test(file) ? 'parquet' : 'csv');

type Refused = Extract<BatchImported, { kind: 'refused' }>;

function refuse({ code, line, cause }: BatchFault): Refused {
  const message = `${line === null ? 'the file' : `line ${line} of the file`}: ${cause}; nothing was recorded`;
  return { kind: 'refused', code, message, line };
}

async function standing(place: LedgerPlace, digest: string): Promise<Refused | null> {
  const ledger = await place.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    return await knownIn(preferencesIn(ledger), digest);
  } finally {
    await ledger.close();
  }
}

async function knownIn(preferences: Preferences, digest: string): Promise<Refused | null> {
  const known = await preferences.batchOf(digest);
  if (known === null) return null;
  const message = `this very file was imported before, as ${known.id} on ${moment(known.logged)}; nothing was recorded`;
  return { kind: 'refused', code: 'batch-known', message, line: null };
}

/** The files first, then the entry: a run that is cut short leaves files that nobody speaks of, and the next replaces. */
async function keep(
  workspace: Workspace,
  source: string,
  digest: string,
  made: BatchMade,
  work: string,
  options: ImportOptions,
): Promise<(PreferenceBatch & { readonly kind: 'batch' }) | Refused> {
  const csv = batchPath(workspace.root, digest);
  const ledger = await options.ledger.open({ waitMs: ledgerPatience });
  let needed = false;
  try {
    await preparePreferences(ledger);
    for (const [from, to] of [
      ['batch.csv', csv],
      ['batch.parquet', saltsPath(csv)],
    ] as const) {
      chmodSync(join(work, from), 0o600);
      publishFile(join(work, from), to);
    }
    const { digest: file } = await fileDigest(csv);
    const kept = await ledger.commit(async (tx) => {
      const known = await knownIn(preferencesIn(tx), digest);
      if (known !== null) return known;
      const batch = await append(tx, workspace, { source, digest, ...made, ...options });
      await preferencesOf(tx).addBatch(batch, file);
      return { kind: 'batch' as const, ...batch };
    });
    needed = true;
    return kept;
  } catch (error) {
    // Whether it was committed nobody knows: where it was, its files are stops that somebody said.
    needed = error instanceof Error && 'code' in error && error.code === 'commit-unknown';
    throw error;
  } finally {
    if (!needed) for (const path of [csv, saltsPath(csv)]) rmSync(path, { force: true });
    await ledger.close();
  }
}

type ToLog = Pick<BatchMade, 'rows' | 'root'> &
  Pick<ImportOptions, 'receivedBy'> & { readonly source: string; readonly digest: string };

async function append(
  tx: LedgerTx,
  { config }: Workspace,
  { source, digest, rows, root, receivedBy }: ToLog,
): Promise<PreferenceBatch> {
  const id = `pb-${randomBytes(8).toString('hex')}`;
  const salt = randomBytes(16).toString('hex');
  const logged = loggedIn(tx, config);
  const content: BatchContent = {
    kind: 'preference-batch',
    at: logged,
    mark: config.kind === 'reconstruction' ? 'reconstruction' : null,
    batch: id,
    organisation: config.organisation,
    source,
    rows,
    root,
    file: keyedHash(salt, digest),
    ...(receivedBy === undefined ? {} : { receivedBy }),
  };
  // Plain JSON: texts, numbers and nulls.
  const [one] = await tx.append([content satisfies LogContent], null);
  if (one === undefined) throw new RangeError('an entry was not appended');
  return { id, source, digest, salt, rows, root, logged, index: one.index };
}
