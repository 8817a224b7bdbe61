/** Holds the records of a snapshot against a suppression list (C5). */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Source, SuppressionList } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { keyText, partsOf, sieve } from './ingest-list.ts';
import { matchSecret } from './ingest-source.ts';
import { ensureKeys, foldPart, keyKinds, recordText } from './keys.ts';
import { unordered } from './layered.ts';
import { kindsOf, type MatchKind } from './list-entries.ts';
import { isWholeParquet, writeWhole } from './publish.ts';
import type { ListSnapshot, Snapshot } from './snapshot.ts';

export type MatchOptions = {
  readonly source: Source;
  readonly snapshot: Snapshot;
  readonly list: SuppressionList;
  readonly ingested: ListSnapshot;
  readonly key: Buffer;
};

/**
 * Writes `matches-<list digest>.parquet` beside the records, unless it is there and whole, and gives its path: `row` and
 * `match` (exact, near, or unmatchable: what the list matches on is missing), each row once. The records that the
 * sieve lets through are hashed; the others are not.
 */
export async function matchList(
  engine: Engine,
  { source, snapshot, list, ingested, key }: MatchOptions,
): Promise<string> {
  const path = join(snapshot.dir, `matches-${ingested.digest}.parquet`);
  if (isWholeParquet(path, null)) return path;
  const secret = matchSecret(key);
  const selects: string[] = [];
  if (existsSync(ingested.path)) {
    const keys = await ensureKeys(engine, source, snapshot.dir, secret);
    const { exact, near } = kindsOf(list);
    for (const kind of exact)
      selects.push(matchesOf(engine, source, snapshot, ingested, secret, keys, kind, 'exact'));
    if (near) selects.push(matchesOf(engine, source, snapshot, ingested, secret, keys, 'near', 'near'));
    if (isPostal(list.level)) selects.push(unmatchable(engine, keys, near ? [...exact, 'near'] : exact));
  }
  // In this order of letters an exact match comes before a near one, and any before none that was possible.
  const all =
    selects.filter((select) => select !== '').join(' UNION ALL ') ||
    `SELECT CAST(0 AS INTEGER) AS "row", 'near' AS match WHERE FALSE`;
  await writeWhole(dirname(snapshot.dir), path, async (aside) => {
    const select = `SELECT "row", MIN(match) AS match FROM (${all}) GROUP BY "row"`;
    await unordered(engine, () => engine.copy(select, aside, 'parquet'));
  });
  return path;
}

function matchesOf(
  engine: Engine,
  source: Source,
  snapshot: Snapshot,
  ingested: ListSnapshot,
  secret: string,
  keys: string,
  kind: MatchKind,
  match: 'exact' | 'near',
): string {
  const { dialect } = engine;
  const records = dialect.parquet(join(snapshot.dir, 'records.parquet'));
  const entries = `(SELECT key, pre FROM ${dialect.parquet(ingested.path)} WHERE level = '${kind}')`;
  const sieved =
    kind === 'record'
      ? `SELECT "row", ${sieve(engine, kind, secret, () => 'rid')} AS pre FROM ${records}`
      : `SELECT "row", ${sieve(engine, kind, secret, (p) => p)} AS pre FROM ${dialect.parquet(keys)} WHERE ${keyKinds[kind].map((p) => `${p} IS NOT NULL`).join(' AND ')}`;
  const texts = partsOf(kind).map(
    (part) => [part, part === 'record' ? 'rid' : recordText(engine, source, part)] as const,
  );
  if (texts.some(([, x]) => x === null)) return '';
  const folded = texts.map(
    ([part, x]) => `${part === 'record' ? x : foldPart(engine, part, x ?? '')} AS ${part}`,
  );
  const candidates = `SELECT r."row", ${folded.join(', ')} FROM ${records} r
    JOIN (SELECT "row" FROM (${sieved}) WHERE pre IN (SELECT pre FROM ${entries})) c ON c."row" = r."row"`;
  return `SELECT "row", '${match}' AS match FROM (${candidates})
    WHERE ${dialect.keyedHash(
      secret,
      keyText(kind, (part) => part),
    )} IN (SELECT key FROM ${entries})`;
}

/** A list of people or homes: whoever is written to has a name and an address to be matched by. */
const isPostal = (level: SuppressionList['level']): boolean =>
  level === 'person' || level === 'surname-at-address' || level === 'address';

/** The records that lack a part of every key the list is matched by: nothing says they are not on it (C5, C9). */
function unmatchable(engine: Engine, keys: string, kinds: readonly MatchKind[]): string {
  const lacking = kinds.map((kind) => {
    const parts = kind === 'record' ? [] : keyKinds[kind];
    return parts.length === 0 ? 'FALSE' : `(${parts.map((part) => `${part} IS NULL`).join(' OR ')})`;
  });
  return `SELECT "row", 'unmatchable' AS match FROM ${engine.dialect.parquet(keys)} WHERE ${lacking.join(' AND ')}`;
}
