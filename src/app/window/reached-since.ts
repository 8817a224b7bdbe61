/** Who was reached by what was said since an entry of the log: as the gate attributes it, own, linked and plausible (C4). */
import { join } from 'node:path';
import type { Engine, Row } from '../../bulk/engine.ts';
import type { Snapshot } from '../../bulk/ingest/snapshot.ts';
import { batchStops } from '../../bulk/preference-batch-rows.ts';
import type { Scope } from '../../policy/model.ts';
import { isStop } from '../../policy/preference-event.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { PassedOnKind } from '../../store/postgres/tables.ts';
import { preferencesIn } from '../../store/preferences.ts';
import { scopeOf } from '../gate/event-rows.ts';
import { requireBatch } from '../people/batch-file.ts';

export type Reached = {
  /** The preference event. */
  readonly cause: string;
  /** Its entry, or that of the batch it came with. */
  readonly index: bigint;
  readonly kind: PassedOnKind;
  readonly scope: Scope;
  readonly record: string;
};
export type ReachedSince = {
  readonly reached: readonly Reached[];
  /** The last entry that was looked at. */
  readonly upTo: bigint;
  /** There was more than is looked at in one go. */
  readonly more: boolean;
  /** Why only those are here whom an event names: the source cannot be read now. Null where all are. */
  readonly partly: unknown;
  /** What it was all held against: null where nobody said anything, or the source cannot be read. */
  readonly snapshot: Snapshot | null;
};

type Said = {
  readonly index: bigint;
  readonly kind: PassedOnKind;
  /** Null: of a batch, as the snapshot has it. */
  readonly own: { readonly record: string; readonly scope: Scope } | null;
};

/** Of one look: what comes after these is looked at next time. */
const mostEvents = 5_000;

/** `snapshotOf` is asked only where somebody said something. Throws LedgerError, BatchFileError. */
export async function reachedSince(
  engine: Engine,
  of: {
    readonly ledger: Ledger;
    readonly source: string;
    readonly after: bigint;
    readonly now: Date;
    snapshotOf(): Promise<Snapshot>;
  },
): Promise<ReachedSince> {
  const { said, ...looked } = await saidAfter(engine, of.ledger, of.source, of.after);
  const own = [...said].flatMap(([cause, { index, kind, own }]) =>
    own === null ? [] : [{ cause, index, kind, ...own }],
  );
  if (said.size === 0) return { reached: [], ...looked, partly: null, snapshot: null };
  let snapshot: Snapshot;
  try {
    snapshot = await of.snapshotOf();
  } catch (error) {
    return { reached: own, ...looked, partly: error, snapshot: null };
  }
  const others = await attributed(engine, snapshot, said, of.now);
  return { reached: [...own, ...others], ...looked, partly: null, snapshot };
}

async function saidAfter(
  engine: Engine,
  ledger: Ledger,
  source: string,
  after: bigint,
): Promise<Pick<ReachedSince, 'upTo' | 'more'> & { readonly said: ReadonlyMap<string, Said> }> {
  const preferences = preferencesIn(ledger);
  // Asked first: whatever has a place below it can be read by now.
  const { size } = await ledger.head();
  const events = await preferences.after(source, after, mostEvents);
  const more = events.length === mostEvents;
  const last = events.at(-1)?.index ?? after;
  const upTo = more || last >= size ? last : size - 1n;
  const said = new Map<string, Said>();
  for (const { event, index, type, scope, who } of events) {
    // Somebody known by their key alone is being erased: that was passed on before anything of theirs was destroyed.
    if (!isStop(type) || (type === 'erasure' && who === null)) continue;
    const record = who?.record ?? null;
    said.set(event, { index, kind: kindOf(type), own: record === null ? null : { record, scope } });
  }
  for (const { digest, index } of await preferences.batches(source)) {
    if (index <= after || index > upTo) continue;
    const { path } = await requireBatch(ledger.root, preferences, digest);
    for (const { event, kind } of await batchStops(engine, path))
      if (!said.has(event)) said.set(event, { index, kind: kindOf(kind), own: null });
  }
  return { said, upTo, more };
}

/** Of a kind nobody knows it is a stop, as it is to the gate. */
const kindOf = (type: string): PassedOnKind => (type === 'restriction' || type === 'erasure' ? type : 'stop');

const atOnce = 1_000;

async function attributed(
  engine: Engine,
  { dir, eventsDir }: Snapshot,
  said: ReadonlyMap<string, Said>,
  now: Date,
): Promise<readonly Reached[]> {
  const { dialect } = engine;
  const [stops, records] = [join(eventsDir, 'stops.parquet'), join(dir, 'records.parquet')];
  const events = [...said.keys()];
  const found: Reached[] = [];
  for (let start = 0; start < events.length; start += atOnce) {
    const some = events.slice(start, start + atOnce).map((event) => dialect.literal(event));
    const rows = await engine.rows(
      `SELECT s.event AS event, s.relation AS relation, r.rid AS rid, s.scope AS scope
       FROM ${dialect.parquet(stops)} s JOIN ${dialect.parquet(records)} r ON r."row" = s."row"
       WHERE s.event IN (${some.join(', ')}) AND (s.resolved_hi IS NULL OR s.resolved_hi > ${now.getTime()})`,
    );
    for (const row of rows) {
      const of = said.get(String(row.event));
      if (of !== undefined) found.push(reachedBy(of, row));
    }
  }
  return found;
}

/** Whoever it only reaches is to be used no more; erased, or restricted, is whoever asked for it. */
function reachedBy({ index, kind }: Said, row: Row): Reached {
  return {
    cause: String(row.event),
    index,
    kind: row.relation === 'own' ? kind : 'stop',
    scope: scopeOf(row),
    record: String(row.rid),
  };
}
