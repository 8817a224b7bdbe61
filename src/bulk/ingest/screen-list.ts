/**
 * Holds the records of a snapshot against a suppression list (C5). Of the list nothing is kept but which records it
 * reaches and how: no entry, in any form.
 */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { Source, SuppressionList } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { IngestError } from './ingest-error.ts';
import { digestOf, jsonOf } from './kept.ts';
import { unordered } from './layered.ts';
import { entriesOf } from './list-entries.ts';
import { entriesSelect, entriesTable } from './list-keys.ts';
import { matchesSelect } from './list-matches.ts';
import { isWholeParquet, publishFiles, writeWhole } from './publish.ts';
import { ingestVersion, type ListSnapshot, type Snapshot } from './snapshot.ts';
import { type Aside, linesTable, type Opened, openFile, readTable, type Table } from './table.ts';
import { closeWorkplace, openWorkplace } from './workplace.ts';

export type ScreenOptions = {
  readonly list: SuppressionList;
  readonly source: Source;
  /** Of that source; the matches are kept in its folder. */
  readonly snapshot: Pick<Snapshot, 'dir' | 'digest'>;
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
 * request. Where its file is not there, nobody is matched.
 */
export async function screenList(
  engine: Engine,
  { list, source, snapshot }: ScreenOptions,
): Promise<ListSnapshot> {
  const temp = openWorkplace(join(snapshot.dir, '..'));
  const aside: Aside = { dir: temp, name: 'list' };
  const at = (digest: string) => ({
    path: join(snapshot.dir, `matches-${digest}.parquet`),
    summary: join(snapshot.dir, `matches-${digest}.json`),
  });
  let opened: Opened | null = null;
  let digest = digestOf({ list: list.digest, snapshot: snapshot.digest, unread: true });
  try {
    opened = await openFile(list.file, aside);
    digest = digestOf({
      list: list.digest,
      file: opened.file.digest,
      snapshot: snapshot.digest,
      version: ingestVersion,
      engine: engine.version,
    });
    const to = at(digest);
    const found = readKept(to);
    const { bytes: _, ...kept } =
      found ?? (await make(engine, { list, source, snapshot }, opened, aside, to));
    return { path: to.path, digest, file: opened.file, reused: found !== null, ...kept };
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    const { path } = at(digest);
    await writeWhole(temp, path, async (none) => {
      await engine.copy(`SELECT CAST(0 AS INTEGER) AS "row", 'near' AS match WHERE FALSE`, none, 'parquet');
    });
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

type Target = { readonly path: string; readonly summary: string };

/** What is there and whole; null where it is to be made again. */
function readKept({ path, summary }: Target): Kept | null {
  const kept = keptSchema.safeParse(jsonOf(summary)).data;
  return kept && isWholeParquet(path, kept.bytes) ? kept : null;
}

async function make(
  engine: Engine,
  { list, source, snapshot }: ScreenOptions,
  opened: Opened,
  aside: Aside,
  to: Target,
): Promise<Kept> {
  const part = join(aside.dir, 'matches.parquet');
  let entered = 0;
  let bad: readonly number[] = [];
  const use = async (table: Table): Promise<number> => {
    const entries = entriesOf(engine, list, table);
    const select = entriesSelect(engine, list, entries, table.sql);
    await unordered(engine, () => engine.run(`CREATE OR REPLACE TEMP TABLE ${entriesTable} AS ${select}`));
    const [counted] = await engine.rows(
      `SELECT COUNT(*) AS n, COUNT(readable) AS entered, COUNT(*) FILTER (WHERE NOT readable) AS bad FROM ${entriesTable}`,
    );
    entered = Number(counted?.entered);
    if (Number(counted?.bad) > 0) {
      const numbered = entriesSelect(engine, list, entries, table.numbered, 'line');
      const rows = await engine.rows(
        `SELECT line FROM (${numbered}) WHERE NOT readable ORDER BY line LIMIT 5`,
      );
      bad = rows.map((row) => Number(row.line));
    }
    return Number(counted?.n);
  };
  const records = engine.dialect.parquet(join(snapshot.dir, 'records.parquet'));
  let table: Table;
  try {
    table = await (list.layout === 'columns' ? readTable : linesTable)(engine, opened, aside, use);
    await unordered(engine, () => engine.copy(matchesSelect(engine, source, list, records), part, 'parquet'));
  } finally {
    // Also of a list that was misread: what people are matched by stays no longer than it is asked.
    await engine.run(`DROP TABLE IF EXISTS ${entriesTable}`);
  }
  const cause = causeOf(list, table, entered, bad);
  const kept = { entries: entered, readable: cause === null, cause, bytes: statSync(part).size };
  const summary = join(aside.dir, 'matches.json');
  writeFileSync(summary, canonicalize(kept) ?? '');
  await publishFiles([
    { from: part, to: to.path },
    { from: summary, to: to.summary },
  ]);
  return kept;
}

function causeOf(
  list: SuppressionList,
  table: Table,
  entered: number,
  bad: readonly number[],
): string | null {
  if (table.firstFault)
    return `${list.file.path}:${table.firstFault.line}: ${table.firstFault.cause} (${table.faults} in all)`;
  if (bad.length > 0)
    return `${list.file.path}:${bad[0]}: not an entry of a list of ${list.level} (layout ${list.layout}); lines ${bad.join(', ')}`;
  return entered === 0 ? `${list.file.path}: the list is empty` : null;
}
