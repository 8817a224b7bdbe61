/**
 * The records that a member may see and speak for: those with the e-mail address that their link was mailed to, which is all that
 * they have shown to be theirs. Whoever joins under another's name and address has those in a record too: what C4 matches by spreads
 * stops, and shows nobody anything.
 */
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { keptColumn, type Part, recordPart } from '../../bulk/ingest/keys.ts';
import type { Source } from '../../policy/model.ts';
import { type OwnRecord, ownRecordsIn } from '../flow/own-records.ts';
import type { ReadSources } from '../flow/read-sources.ts';
import type { Service } from '../flow/service.ts';

export type PersonRecord = OwnRecord & {
  /** The forename and surname, folded: two of them may be two people. Null where the record does not hold both. */
  readonly name: string | null;
};

/** In order of source and record: pages number them by their place. */
export async function ownPersonIn(
  service: Service,
  org: string,
  read: ReadSources,
  email: string,
): Promise<readonly PersonRecord[]> {
  const own = await ownRecordsIn(service, org, read, email);
  const names = new Map<string, string>();
  for (const source of read.workspace.sources) {
    const ids = own.filter((each) => each.source === source.id).map(({ record }) => record);
    if (ids.length === 0) continue;
    for (const [id, name] of await namesOf(read.engine, source, await read.dirOf(source), ids))
      names.set(JSON.stringify([source.id, id]), name);
  }
  return own.map((each) => ({
    ...each,
    name: names.get(JSON.stringify([each.source, each.record])) ?? null,
  }));
}

async function namesOf(
  engine: Engine,
  source: Source,
  dir: string,
  ids: readonly string[],
): Promise<readonly (readonly [id: string, name: string])[]> {
  const { dialect } = engine;
  const of = (part: Part): string =>
    recordPart(engine, source, part, keptColumn(engine, 'r'), true) ?? 'CAST(NULL AS VARCHAR)';
  const rows = await engine.rows(
    `SELECT r.rid AS rid, ${of('forename')} AS forename, ${of('surname')} AS surname
     FROM ${dialect.parquet(join(dir, 'records.parquet'))} r
     WHERE r.rid IN (${ids.map((id) => dialect.literal(id)).join(', ')})`,
  );
  return rows.flatMap(({ rid, forename, surname }) =>
    [forename, surname].every((part) => typeof part === 'string' && part !== '')
      ? [[String(rid), `${forename} ${surname}`] as const]
      : [],
  );
}
