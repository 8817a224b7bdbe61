/**
 * The preference events recorded here, as files that an ingest reads beside the source's own. With them comes the size
 * of the log they are all of: a release states it, and honours every event before it (E3).
 */
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileSpec } from '../../policy/model.ts';
import { eventColumns } from '../../policy/preference-event.ts';
import type { LedgerReader } from '../../store/ledger.ts';
import { type Preferences, preferencesIn, type StoredPreference } from '../../store/preferences.ts';
import { requireAsLogged } from '../../store/preferences-logged.ts';
import { suppressedRecord } from '../gate/suppression-key.ts';
import { requireBatch } from './batch-file.ts';

export type RecordedFiles = {
  /** Entries of the log, published or not, when the files were made. */
  readonly size: bigint;
  /** The events of the ledger first, where there are any; then each batch, in the order of the log. */
  readonly files: readonly FileSpec[];
};

/** A page of them is written in a few milliseconds: a server answers others in between. */
const rowsAtOnce = 1_000;
export const recordedFile = 'recorded-events.csv';

/**
 * Writes the recorded events of a source into `folder`, which is the caller's to remove. The same events give the same
 * bytes. `view` is of one state of the ledger, from the first row to the size. Errors: BatchFileError, LedgerError.
 */
export async function recordedPreferences(
  view: LedgerReader,
  root: string,
  source: string,
  folder: string,
): Promise<RecordedFiles> {
  const preferences = preferencesIn(view);
  await requireAsLogged(view);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, recordedFile);
  const rows = await writeEvents(preferences, source, path);
  const paths = rows === 0 ? [] : [path];
  for (const { digest } of await preferences.batches(source))
    paths.push((await requireBatch(root, preferences, digest)).path);
  return { size: (await view.head()).size, files: paths.map(specOf) };
}

/** Gives how many rows they are. */
async function writeEvents(preferences: Preferences, source: string, path: string): Promise<number> {
  const file = await open(path, 'w', 0o600);
  let rows = 0;
  try {
    await file.write(`${eventColumns.join(',')}\n`);
    for (let last = -1n; ; ) {
      const some = await preferences.after(source, last, rowsAtOnce);
      const end = some.at(-1);
      if (end === undefined) break;
      await file.write(some.map(lineOf).join(''));
      rows += some.length;
      last = end.index;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return rows;
}

const specOf = (path: string): FileSpec => ({
  path,
  format: 'csv',
  encoding: 'utf-8',
  delimiter: ',',
  dateFormat: 'YYYY-MM-DD',
});

function lineOf(stored: StoredPreference): string {
  const { who, key, scope } = stored;
  const details = who?.details;
  const cells: Readonly<Record<(typeof eventColumns)[number], string | null>> = {
    event: stored.event,
    record: who === null ? (key === null ? null : suppressedRecord(key)) : who.record,
    kind: stored.type,
    purpose: scope.purpose,
    organisation: scope.organisation,
    'contact-channel': scope.contactChannel,
    field: scope.field,
    notice: stored.notice,
    consent: stored.consent,
    lifts: stored.lifts,
    delivery: stored.delivery,
    signed: stored.signed,
    received: stored.received,
    logged: stored.logged,
    email: details?.email ?? null,
    phone: details?.phone ?? null,
    surname: details?.surname ?? null,
    'address-line': details?.addressLine ?? null,
    postcode: details?.postcode ?? null,
    'birth-date': details?.birthDate ?? null,
  };
  return `${eventColumns.map((column) => csvCell(cells[column])).join(',')}\n`;
}

/** Always quoted: a cell says what it holds, and nothing of it is taken for a delimiter. */
export const csvCell = (value: string | null): string =>
  value === null ? '' : `"${value.replaceAll('"', '""')}"`;
