/** Ingests a suppression list: what is kept of an entry is keyed, and cannot be turned back without the key (C5). */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { SuppressionList } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { IngestError } from './ingest-error.ts';
import { digestOf, matchSecret } from './ingest-source.ts';
import { jsonOf } from './kept.ts';
import { foldPart, hashPart, keyHash, keyKinds, type Part } from './keys.ts';
import { unordered } from './layered.ts';
import { type Entries, entriesOf, kindsOf, type MatchKind } from './list-entries.ts';
import { isWholeParquet, publishFile } from './publish.ts';
import { ingestVersion, type ListSnapshot } from './snapshot.ts';
import { type Aside, linesTable, type Opened, openFile, readTable, type Table } from './table.ts';
import { closeWorkplace, openWorkplace } from './workplace.ts';

export type ListOptions = {
  readonly list: SuppressionList;
  /** The organisation's key: 32 bytes. */
  readonly key: Buffer;
  /** The folder of what can be made again; lists go to `lists/` in it. */
  readonly dir: string;
};
const keptSchema = z.strictObject({
  entries: z.int().nonnegative(),
  readable: z.boolean(),
  cause: z.string().nullable(),
  /** Of the Parquet file. */
  bytes: z.int().nonnegative(),
});
type Kept = z.infer<typeof keptSchema>;

/**
 * A list that cannot be read in full is no error here: it is `readable: false` with its cause, and refuses the whole
 * request. Where its file is not there, `path` names nothing.
 */
export async function ingestList(engine: Engine, { list, key, dir }: ListOptions): Promise<ListSnapshot> {
  const lists = join(dir, 'lists');
  const temp = openWorkplace(lists);
  const aside: Aside = { dir: temp, name: 'list' };
  const secret = matchSecret(key);
  let opened: Opened | null = null;
  let digest = digestOf({ list: list.digest, unread: true });
  try {
    opened = await openFile(list.file, aside);
    digest = digestOf({
      list: list.digest,
      file: opened.file.digest,
      version: ingestVersion,
      engine: engine.version,
      secret,
    });
    const path = join(lists, `${digest}.parquet`);
    const summary = join(lists, `${digest}.json`);
    const found = readKept(path, summary);
    const { bytes: _, ...kept } =
      found ?? (await make(engine, list, opened, aside, secret, { path, summary }));
    return { path, digest, file: opened.file, reused: found !== null, ...kept };
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    const path = join(lists, `${digest}.parquet`);
    return {
      path,
      digest,
      file: opened?.file ?? null,
      reused: false,
      entries: 0,
      readable: false,
      cause: error.message,
    };
  } finally {
    closeWorkplace(temp);
  }
}

/** What is there and whole; null where it is to be made again. */
function readKept(path: string, summary: string): Kept | null {
  const kept = keptSchema.safeParse(jsonOf(summary)).data;
  return kept && isWholeParquet(path, kept.bytes) ? kept : null;
}

async function make(
  engine: Engine,
  list: SuppressionList,
  opened: Opened,
  aside: Aside,
  secret: string,
  to: { readonly path: string; readonly summary: string },
): Promise<Kept> {
  const part = join(aside.dir, 'list.parquet');
  let bad: readonly number[] = [];
  const use = async (table: Table): Promise<number> => {
    const entries = entriesOf(engine, list, table);
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE ingest_entries AS ${foldedEntries(engine, list, entries, table)}`,
    );
    const [counted] = await engine.rows(
      `SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE NOT readable) AS bad FROM ingest_entries`,
    );
    if (Number(counted?.bad) > 0) bad = await unreadableLines(engine, list, entries, table);
    return Number(counted?.n);
  };
  const table =
    list.layout === 'columns'
      ? await readTable(engine, opened, aside, use)
      : await linesTable(engine, opened, aside, use);
  await unordered(engine, () => engine.copy(keyedEntries(engine, list, secret), part, 'parquet'));
  await engine.run('DROP TABLE ingest_entries');
  const cause = causeOf(list, table, bad);
  const kept = { entries: table.rows, readable: cause === null, cause, bytes: statSync(part).size };
  const summary = join(aside.dir, 'list.json');
  writeFileSync(summary, canonicalize(kept) ?? '');
  publishFile(part, to.path);
  publishFile(summary, to.summary);
  return kept;
}

function causeOf(list: SuppressionList, table: Table, bad: readonly number[]): string | null {
  if (table.firstFault)
    return `${list.file.path}:${table.firstFault.line}: ${table.firstFault.cause} (${table.faults} in all)`;
  if (bad.length > 0)
    return `${list.file.path}:${bad[0]}: not an entry of a list of ${list.level} (layout ${list.layout}); lines ${bad.join(', ')}`;
  return table.rows === 0 ? `${list.file.path}: the list is empty` : null;
}

/** The parts an entry must have to be matched on: for a person, what the near key needs; the forename may be absent. */
function neededParts(list: SuppressionList): readonly (Part | 'record')[] {
  const { exact, near } = kindsOf(list);
  if (near) return ['surname', 'postcode'];
  return exact.flatMap((kind): readonly (Part | 'record')[] =>
    kind === 'record' ? ['record'] : keyKinds[kind],
  );
}

function foldedEntries(engine: Engine, list: SuppressionList, entries: Entries, table: Table): string {
  const { exact, near } = kindsOf(list);
  const asked: readonly string[] = (near ? [...exact, 'near' as const] : exact).flatMap(partsOf);
  // Folding is dear: what no key is made of is left alone.
  const folded = Object.entries(entries.parts)
    .filter(([part]) => asked.includes(part))
    .map(([part, x]) => `${part === 'record' ? x : foldPart(engine, part as Part, x)} AS ${part}`);
  // A part that no column holds is of no entry.
  const absent = [...new Set(asked)]
    .filter((part) => !(part in entries.parts))
    .map((part) => `CAST(NULL AS VARCHAR) AS ${part}`);
  const needed = neededParts(list).map((part) => `${part} IS NOT NULL`);
  return `SELECT *, coalesce(formed AND ${needed.join(' AND ')}, FALSE) AS readable FROM
    (SELECT ${[...folded, ...absent].join(', ')}, ${entries.wellFormed} AS formed FROM ${table.sql})`;
}

async function unreadableLines(
  engine: Engine,
  list: SuppressionList,
  entries: Entries,
  table: Table,
): Promise<readonly number[]> {
  const numbered = { ...table, sql: table.numbered };
  const select = foldedEntries(engine, list, entries, numbered).replace('(SELECT ', '(SELECT line, ');
  const rows = await engine.rows(`SELECT line FROM (${select}) WHERE NOT readable ORDER BY line LIMIT 5`);
  return rows.map((row) => Number(row.line));
}

export const partsOf = (kind: MatchKind): readonly (Part | 'record')[] =>
  kind === 'record' ? ['record'] : keyKinds[kind];

/** The text that is hashed of a key: the same for an entry and for a record. Null where a part is. */
export function keyText(kind: MatchKind, part: (part: Part | 'record') => string): string {
  return [`'${kind}'`, ...partsOf(kind).map((p) => part(p))].join(` || '|' || `);
}

/** The fast hash a record and an entry are first sieved by. */
export function sieve(
  engine: Engine,
  kind: MatchKind,
  secret: string,
  part: (part: Part | 'record') => string,
): string {
  const hash = kind === 'record' ? hashPart(engine, secret, part('record')) : keyHash(engine, kind, part);
  return engine.intake.low24(engine.intake.hash([hash, engine.dialect.literal(secret)]));
}

/** Each key of each kind, of each entry: its level, its keyed hash, and 24 bits to sieve by. */
function keyedEntries(engine: Engine, list: SuppressionList, secret: string): string {
  const { exact, near } = kindsOf(list);
  const kinds: readonly MatchKind[] = near ? [...exact, 'near'] : exact;
  const selects = kinds.map((kind) => {
    const needed = partsOf(kind);
    const hashed = needed.map((p) => `${hashPart(engine, secret, p)} AS h_${p}`);
    const there = needed.map((p) => `${p} IS NOT NULL`).join(' AND ');
    const pre =
      kind === 'record'
        ? sieve(engine, kind, secret, (p) => p)
        : sieve(engine, kind, secret, (p) => `h_${p}`);
    return `SELECT '${kind}' AS level, ${engine.dialect.keyedHash(
      secret,
      keyText(kind, (p) => p),
    )} AS key, ${pre} AS pre
      FROM (SELECT *, ${hashed.join(', ')} FROM ingest_entries) WHERE ${there}`;
  });
  return selects.join(' UNION ALL ');
}
