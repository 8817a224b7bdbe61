/** `astold receipt --batch`: one row of an imported batch, opened for the person it is of. */
import { join } from 'node:path';
import { closeWorkplace, openWorkplace } from '../../bulk/ingest/workplace.ts';
import { saltsPath } from '../../bulk/preference-batch.ts';
import { batchRow } from '../../bulk/preference-batch-rows.ts';
import { treeOf } from '../../bulk/preference-batch-tree.ts';
import { masterOf } from '../../bulk/secrets.ts';
import { readLogKey } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { type BatchReceipt, makeBatchReceipt, readBatchContent } from '../../evidence/batch-receipt.ts';
import { personOf } from '../../evidence/preference.ts';
import { ReceiptError, withProof } from '../../evidence/receipt.ts';
import type { Opening } from '../../log/entry.ts';
import type { LogProof } from '../../log/proof.ts';
import type { LedgerPlace } from '../../store/ledger.ts';
import { type PreferenceBatch, preferencesIn, preparePreferences } from '../../store/preferences.ts';
import { publishedCheckpoint } from '../../store/standing-checkpoint.ts';
import { withEngine } from '../gate/ingest.ts';
import { requireBatch } from './batch-file.ts';
import { ledgerPatience, type PreferOptions } from './prefer.ts';

export type BatchReceiptRefusal =
  | 'batch-unknown'
  | 'row-unknown'
  /** The row was of somebody who was erased, or its salt is gone (E8). */
  | 'row-erased';
export type BatchReceiptWritten =
  | { readonly kind: 'receipt'; readonly receipt: BatchReceipt }
  | { readonly kind: 'refused'; readonly code: BatchReceiptRefusal; readonly message: string };
type Refused = Extract<BatchReceiptWritten, { kind: 'refused' }>;
const refuse = (code: BatchReceiptRefusal, message: string): Refused => ({ kind: 'refused', code, message });

/**
 * `row` is counted from 1, in the order of the file, its header aside. Errors: ReceiptError, BatchFileError, VaultError,
 * KeyError, LedgerError, LogError.
 */
export async function batchReceiptOf(
  workspace: Workspace,
  id: string,
  row: number,
  options: PreferOptions,
): Promise<BatchReceiptWritten> {
  const { root } = workspace;
  const signer = await readLogKey(root);
  const found = await lookUp(options.ledger, id);
  if (found.kind === 'refused') return found;
  const { batch, csv, entry, opening, logged } = found;
  if (!Number.isSafeInteger(row) || row < 1 || row > batch.rows)
    return refuse('row-unknown', `${id} has the rows 1 to ${batch.rows}, and no other`);
  return withEngine(workspace, options, async (engine) => {
    const opened = await batchRow(engine, csv, row - 1);
    if (opened === null) return refuse('row-unknown', `the vault holds no row ${row} of ${id}`);
    if (opened === 'erased')
      return refuse('row-erased', `row ${row} of ${id} was erased: nobody can open it again`);
    const { record = null, person = null } = opened.values;
    const of = { root, source: batch.source, record: record ?? '' };
    const master = person === null ? null : await masterOf(engine, of);
    if (master !== null && personOf(master) !== person)
      throw new ReceiptError(
        'receipt-other-person',
        `the vault gives another token than ${id} was logged with; put the vault of then back from its copy`,
      );
    const work = openWorkplace(join(root, '.astold/tmp'));
    try {
      const tree = await treeOf(engine, saltsPath(csv), work, row - 1);
      if (tree.root.toString('hex') !== batch.root)
        throw new ReceiptError(
          'receipt-row-wrong',
          `what the vault holds of ${id} is not what was logged; put it back from its copy`,
        );
      const content = readBatchContent(opening.content);
      const made = makeBatchReceipt(
        { entry, opening, content, index: row - 1, ...opened, path: tree.path ?? [], master },
        signer,
      );
      return { kind: 'receipt', receipt: withProof(made, logged) };
    } finally {
      closeWorkplace(work);
    }
  });
}

type Found = {
  readonly kind: 'found';
  readonly batch: PreferenceBatch;
  /** The file of it in the vault. */
  readonly csv: string;
  readonly entry: Buffer;
  readonly opening: Opening;
  readonly logged: LogProof | null;
};

async function lookUp(place: LedgerPlace, id: string): Promise<Found | Refused> {
  const { root } = place;
  const ledger = await place.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    const preferences = preferencesIn(ledger);
    const batch = await preferences.batch(id);
    if (batch === null) return refuse('batch-unknown', `no batch "${id}" was imported here`);
    const [entry, opening] = [await ledger.entry(batch.index), await ledger.opening(batch.index)];
    if (entry === null || opening === null || opening === 'destroyed')
      throw new ReceiptError(
        'receipt-malformed',
        `the ledger does not open the entry of ${id}; put its backup back`,
      );
    const published = await publishedCheckpoint(root, ledger.verifier);
    const logged = published === null ? null : await ledger.prove(batch.index, published.text);
    const { path: csv } = await requireBatch(root, preferences, batch.digest);
    return { kind: 'found', batch, csv, entry, opening, logged };
  } finally {
    await ledger.close();
  }
}
