/** `astold notice coverage`: how well the notice of each record of a source is known (A6), and what is missing. */
import { join } from 'node:path';
import type { Workspace } from '../../documents/workspace.ts';
import { parseHistory, shownAtCollection } from '../../policy/history.ts';
import type { Base, Known } from '../../policy/judgement.ts';
import type { Collection, Notice } from '../../policy/model.ts';
import { type IngestOptions, sourceOf, withEngine } from './ingest.ts';

/** Records that share a history at collection, and what is known of it. */
export type HistoryCount = { readonly base: Base; readonly records: number };
export type CollectionCoverage = {
  readonly collection: string;
  readonly records: number;
  readonly known: Readonly<Record<Known, number>>;
  /** Of those derived, the records for which several versions may have been shown: only what all of them tell counts. */
  readonly several: number;
  /** Records by the notices that may have been shown, most first. */
  readonly notices: readonly {
    readonly notices: readonly string[];
    readonly known: Known;
    readonly records: number;
  }[];
  /** What would have to be found out or put on file, most records first. */
  readonly missing: readonly { readonly text: string; readonly records: number }[];
};
export type NoticeCoverage = {
  readonly source: string;
  readonly records: number;
  /** Rows that could not be read; they are in no count. */
  readonly rejected: number;
  readonly collections: readonly CollectionCoverage[];
};

/** Ingests the source if it has changed, and counts. Errors: GateError `source-unknown`, those of ingest and key. */
export async function noticeCoverage(
  workspace: Workspace,
  sourceId: string,
  options: IngestOptions,
): Promise<NoticeCoverage> {
  const source = sourceOf(workspace, sourceId);
  const notices = workspace.notices.filter((notice) => notice.organisation === source.organisation);
  return withEngine(workspace, options, async (engine, snapshotOf) => {
    const { dialect } = engine;
    const snapshot = await snapshotOf(source);
    const table = dialect.parquet(join(snapshot.dir, 'records.parquet'));
    const collections: CollectionCoverage[] = [];
    for (const collection of source.collections) {
      const key = dialect.identifier(`h_${collection.id}`);
      const found = await engine.rows(
        `SELECT ${key} AS base, COUNT(*) AS records FROM ${table} GROUP BY ${key} ORDER BY ${key}`,
      );
      const counts = found.map((row) => ({
        base: parseHistory(String(row.base ?? ''), '').base,
        records: Number(row.records),
      }));
      collections.push(coverageOf(collection, counts, notices));
    }
    return { source: source.id, records: snapshot.records, rejected: snapshot.rejected, collections };
  });
}

/** The counts of one collection. `notices` are the supplier's. */
export function coverageOf(
  collection: Collection,
  counts: readonly HistoryCount[],
  notices: readonly Notice[],
): CollectionCoverage {
  const known: Record<Known, number> = { recorded: 0, derived: 0, reconstructed: 0, unknown: 0 };
  const groups = new Map<string, { notices: readonly string[]; known: Known; records: number }>();
  const missing = new Map<string, number>();
  let several = 0;
  for (const { base, records } of counts) {
    const shown = shownAtCollection(base, collection, notices);
    const ids = shown.candidates.map((notice) => notice.id);
    known[shown.known] += records;
    if (ids.length > 1) several += records;
    const key = JSON.stringify([ids, shown.known]);
    groups.set(key, { notices: ids, known: shown.known, records: (groups.get(key)?.records ?? 0) + records });
    if (shown.known === 'unknown') {
      const text = missingText(base, collection);
      missing.set(text, (missing.get(text) ?? 0) + records);
    }
  }
  const most = (a: { records: number }, b: { records: number }) => b.records - a.records;
  return {
    collection: collection.id,
    records: counts.reduce((sum, count) => sum + count.records, 0),
    known,
    several,
    notices: [...groups.values()].sort(most),
    missing: [...missing].map(([text, records]) => ({ text, records })).sort(most),
  };
}

function missingText(base: Base, collection: Collection): string {
  switch (base.kind) {
    case 'recorded':
      return `the notice ${base.notice} is on their record and not on file`;
    case 'print-code':
      return `no notice on file is of the form ${base.code}`;
    case 'derived':
      return `no notice on file was shown by ${base.collectedBy} in ${base.on.slice(0, 7)}`;
    case 'unknown': {
      const unmapped = [
        collection.notice === null ? 'notice' : null,
        collection.printCode === null ? 'print-code' : null,
        collection.collectedBy === null ? 'collected-by' : null,
        collection.date === null ? 'date' : null,
      ].filter((name) => name !== null);
      const hint = unmapped.length === 0 ? '' : `; the source maps no ${unmapped.join(', no ')}`;
      return `neither notice nor form, nor both channel and date, are on their record${hint}`;
    }
  }
}
