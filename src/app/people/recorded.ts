/**
 * The preference events recorded here, as files that an ingest reads beside the source's own. With them comes the size
 * of the log they are all of: a release states it, and honours every event before it (E3).
 */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSpec } from '../../policy/model.ts';
import { eventColumns } from '../../policy/preference-event.ts';
import type { Ledger } from '../../store/ledger.ts';
import { openPreferences, type StoredPreference } from '../../store/preferences.ts';
import { requireAsLogged } from '../../store/preferences-logged.ts';
import { suppressedRecord } from '../gate/suppression-key.ts';
import { requireBatch } from './batch-file.ts';

export type RecordedFiles = {
  /** Entries of the log, published or not, when the files were made. */
  readonly size: bigint;
  /** The events of the ledger first, where there are any; then each batch, in the order of the log. */
  readonly files: readonly FileSpec[];
};

const rowsAtOnce = 10_000;
export const recordedFile = 'recorded-events.csv';

/**
 * Writes the recorded events of a source into `folder`, which is the caller's to remove. The same events give the same
 * bytes. Nothing is waited for: the ledger stays as it is from the first row to the size. Errors: BatchFileError,
 * LedgerError.
 */
export function recordedPreferences(ledger: Ledger, source: string, folder: string): RecordedFiles {
  const preferences = openPreferences(ledger);
  requireAsLogged(ledger);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, recordedFile);
  const file = openSync(path, 'w', 0o600);
  let rows = 0;
  try {
    writeSync(file, `${eventColumns.join(',')}\n`);
    for (let last = -1n; ; ) {
      const some = preferences.after(source, last, rowsAtOnce);
      if (some.length > 0) writeSync(file, some.map(lineOf).join(''));
      rows += some.length;
      const end = some.at(-1);
      if (end === undefined) break;
      last = end.index;
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const batches = preferences
    .batches(source)
    .map(({ digest }) => requireBatch(ledger.root, preferences, digest).path);
  return { size: ledger.size(), files: [...(rows === 0 ? [] : [path]), ...batches].map(specOf) };
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
