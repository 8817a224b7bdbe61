/** `astold receipt --source`: what was recorded of one record, or of nobody known, so that a receipt can be asked for again. */
import { batchRowsOf } from '../../bulk/preference-batch-rows.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { LedgerPlace } from '../../store/ledger.ts';
import { preferencesIn, preparePreferences, type StoredPreference } from '../../store/preferences.ts';
import { sourceOf, withEngine } from '../gate/ingest.ts';
import { suppressed, suppressedRecord, suppressionKey } from '../gate/suppression-key.ts';
import { type BatchFile, requireBatch } from './batch-file.ts';
import { ledgerPatience, type PreferOptions } from './prefer.ts';

/** `said` null: it was erased. */
export type RecordedEvent = {
  readonly event: string;
  readonly index: bigint;
  readonly said: Pick<
    StoredPreference,
    'type' | 'scope' | 'notice' | 'consent' | 'lifts' | 'signed' | 'received' | 'logged' | 'receivedBy'
  > | null;
};
/** A row of an imported file, counted from 1. */
export type RecordedRow = {
  readonly batch: string;
  readonly row: number;
  readonly kind: string;
  readonly received: string;
};
export type RecordedOf = { readonly events: readonly RecordedEvent[]; readonly rows: readonly RecordedRow[] };

/**
 * In the order of the log; no details that somebody came with. `person` null: events that name no record, and no rows of
 * imported files. Errors: GateError `source-unknown`, KeyError, LedgerError, BatchFileError, VaultError.
 */
export async function recordedOf(
  workspace: Workspace,
  sourceId: string,
  person: string | null,
  options: PreferOptions,
): Promise<RecordedOf> {
  const { root } = workspace;
  const { id } = sourceOf(workspace, sourceId);
  const key = person === null ? null : suppressed(await suppressionKey(root, id), person);
  const { events, files } = await lookUp(options.ledger, id, key);
  if (person === null || key === null || files.length === 0) return { events, rows: [] };
  const rows = await withEngine(workspace, options, async (engine) => {
    const found: RecordedRow[] = [];
    for (const { batch, path } of files) {
      const own = await batchRowsOf(engine, path, [person, suppressedRecord(key)]);
      found.push(...own.map((each) => ({ batch, ...each, row: each.row + 1 })));
    }
    return found;
  });
  return { events, rows };
}

type LookedUp = {
  readonly events: readonly RecordedEvent[];
  readonly files: readonly (BatchFile & { readonly batch: string })[];
};

async function lookUp(place: LedgerPlace, source: string, key: string | null): Promise<LookedUp> {
  const ledger = await place.open({ waitMs: ledgerPatience });
  try {
    await preparePreferences(ledger);
    return await ledger.read(async (view) => {
      const preferences = preferencesIn(view);
      const stored = await (key === null ? preferences.withoutRecord(source) : preferences.of(source, [key]));
      const files: LookedUp['files'][number][] = [];
      for (const { id, digest } of key === null ? [] : await preferences.batches(source))
        files.push({ batch: id, ...(await requireBatch(place.root, preferences, digest)) });
      return { events: stored.map(eventOf), files };
    });
  } finally {
    await ledger.close();
  }
}

function eventOf({ event, index, erased, ...stored }: StoredPreference): RecordedEvent {
  const { type, scope, notice, consent, lifts, signed, received, logged, receivedBy } = stored;
  const said = { type, scope, notice, consent, lifts, signed, received, logged, receivedBy };
  return { event, index, said: erased ? null : said };
}
