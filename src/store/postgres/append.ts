/** Appending to an organisation's log in the transaction that changes what the entries speak of: both, or neither. */
import { CompiledQuery } from 'kysely';
import { appendLeaves, type CompactRange, type Whole } from '../../log/compact-range.ts';
import type { LogContent } from '../../log/entry.ts';
import { leafHash } from '../../log/merkle.ts';
import { tileHeight } from '../../log/tiles.ts';
import type { Appended } from '../ledger.ts';
import { edgeBytes } from '../ledger-edge.ts';
import { appendedAt, type Prepared, prepareEntries } from '../prepared-entries.ts';
import { rowsIn } from './ledger-query.ts';
import { lockHead, type OwnLog } from './log-head.ts';
import type { Tx } from './state.ts';

/**
 * `tx` is in the name of that organisation. Its log is locked until the transaction ends: nobody else appends meanwhile.
 * `salts`, 16 bytes each, are drawn where null. Throws LogError `entry-malformed`, LedgerError `ledger-missing` where the
 * log was never begun, `ledger-behind`, `ledger-forked`, `ledger-damaged`: then the transaction is of no more use.
 */
export async function appendEntries(
  tx: Tx,
  log: OwnLog,
  contents: readonly LogContent[],
  salts: readonly Buffer[] | null,
): Promise<readonly Appended[]> {
  const prepared = prepareEntries(contents, salts);
  const head = await lockHead(rowsIn(tx), log);
  const growth = grow(head, prepared);
  await insertGrowth(tx, log.org, growth);
  await writeHead(tx, log.org, growth.range, head.latest);
  return growth.appended;
}

/** What a log becomes by appending: nothing of it is written yet. */
export type Growth = {
  readonly range: CompactRange;
  readonly appended: readonly Appended[];
  readonly prepared: readonly Prepared[];
  /** Roots of full tiles: hashes of the level of tiles above them. */
  readonly roots: readonly Whole[];
};

export function grow(from: CompactRange, prepared: readonly Prepared[]): Growth {
  const roots: Whole[] = [];
  const leaves = prepared.map(({ entry }) => leafHash(entry));
  const range = appendLeaves(from, leaves, (whole) => {
    if (whole.height % tileHeight === 0) roots.push(whole);
  });
  return { range, appended: appendedAt(from.size, prepared), prepared, roots };
}

/** The rows of new entries; the head, which the caller has locked, is still to be written. */
export async function insertGrowth(
  tx: Tx,
  org: string,
  { appended, prepared, roots }: Growth,
): Promise<void> {
  if (appended.length === 0) return;
  const indices = appended.map(({ index }) => index);
  await query(tx, 'INSERT INTO entry (org, idx, hash) SELECT $1, * FROM unnest($2::bigint[], $3::bytea[])', [
    org,
    indices,
    prepared.map(({ entry }) => entry),
  ]);
  await query(
    tx,
    `INSERT INTO opening (org, idx, destroyed, salt, content)
     SELECT $1, idx, 0, salt, content FROM unnest($2::bigint[], $3::bytea[], $4::bytea[]) AS o (idx, salt, content)`,
    [org, indices, prepared.map(({ salt }) => salt), prepared.map(({ text }) => Buffer.from(text))],
  );
  if (roots.length === 0) return;
  await query(
    tx,
    'INSERT INTO node (org, level, idx, hash) SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bytea[])',
    [
      org,
      roots.map(({ height }) => height / tileHeight),
      roots.map(({ index }) => index),
      roots.map(({ hash }) => hash),
    ],
  );
}

/** `latest`: milliseconds, the last instant that was told to anybody who logs or decides. */
export async function writeHead(tx: Tx, org: string, range: CompactRange, latest: number): Promise<void> {
  await query(tx, 'UPDATE log_head SET size = $2, edge = $3, latest = $4 WHERE org = $1', [
    org,
    range.size,
    edgeBytes(range),
    latest,
  ]);
}

const query = (tx: Tx, sql: string, values: readonly unknown[]): Promise<unknown> =>
  tx.executeQuery(CompiledQuery.raw(sql, [...values]));
