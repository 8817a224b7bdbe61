/** One record as it was last read, with what its source's files say that its person said. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Row } from '../../bulk/engine.ts';
import { readKeptEvents } from '../../bulk/ingest/kept.ts';
import type { Source } from '../../policy/model.ts';
import type { OwnRecord } from '../flow/own-records.ts';
import type { ReadSources } from '../flow/read-sources.ts';

export type RecordRead = OwnRecord & {
  /** Its place among the member's own, from 1. */
  readonly number: number;
  readonly from: Source;
  /** The columns of `records.parquet`. */
  readonly row: Row;
  /** The key of the notices it was shown since. */
  readonly later: string;
  /** Rows of `stops.parquet` that are its own, and of `permissions.parquet`. */
  readonly stops: readonly Row[];
  readonly permissions: readonly Row[];
};

/** Null where the source does not hold it any more. */
export async function readRecord(
  { workspace, engine, dirOf }: ReadSources,
  own: OwnRecord,
  number: number,
): Promise<RecordRead | null> {
  const from = workspace.sources.find(({ id }) => id === own.source);
  if (from === undefined) return null;
  const { dialect } = engine;
  const dir = await dirOf(from);
  const [row] = await engine.rows(
    `SELECT * FROM ${dialect.parquet(join(dir, 'records.parquet'))} r WHERE r.rid = ${dialect.literal(own.record)} LIMIT 1`,
  );
  if (row === undefined) return null;
  const events = latestEvents(dir);
  const of = (name: string, more = ''): Promise<readonly Row[]> =>
    events === null ? Promise.resolve([]) : rowsOf(engine, join(events, `${name}.parquet`), row, more);
  const [later] = await of('later');
  return {
    ...{ source: own.source, record: own.record, number, from, row },
    later: typeof later?.later === 'string' ? later.later : '',
    // Those of others that reach it are theirs, and not to be seen here.
    stops: await of('stops', ` AND x.relation = 'own'`),
    permissions: await of('permissions'),
  };
}

function rowsOf(
  { rows, dialect }: Engine,
  path: string,
  { row }: Row,
  more: string,
): Promise<readonly Row[]> {
  const at = dialect.literal(typeof row === 'number' || typeof row === 'bigint' ? row : null);
  return rows(`SELECT * FROM ${dialect.parquet(path)} x WHERE x."row" = ${at}${more}`);
}

/** The folder that was taken up last; null where there is none that is whole. */
function latestEvents(dir: string): string | null {
  const found = readdirSync(dir)
    .filter((name) => name.startsWith('events-'))
    .map((name) => join(dir, name))
    .map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  return found.find(({ path }) => readKeptEvents(path) !== null)?.path ?? null;
}
