/**
 * A member stops everything for their own records, or for their whole household: an objection of scope all for each record,
 * and nothing beside it by which the one could be told from the other.
 */
import { join } from 'node:path';
import { z } from 'zod';
import type { Engine } from '../../bulk/engine.ts';
import { keptColumn, type Part, recordPart } from '../../bulk/ingest/keys.ts';
import type { Source } from '../../policy/model.ts';
import type { OwnRecord } from '../flow/own-records.ts';
import { readSources } from '../flow/read-sources.ts';
import { preferenceView, recordFor, recordPreferenceInput } from '../flow/record-preference.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import type { KeyedRecord } from './record-key.ts';
import { sayOfAll } from './say-of-all.ts';

export const stopEverythingInput = z.strictObject({ household: z.boolean() });
/** Of the member's own records alone, whomever it reached. */
export const stoppedView = z.object({ items: z.array(preferenceView) });

/** What was erased is passed over. Refuses `not-found`, and `preference-refused` once all that can be is recorded. */
export async function stopEverything(
  service: Service,
  actor: Actor,
  { household }: z.output<typeof stopEverythingInput>,
): Promise<Answer<z.output<typeof stoppedView>>> {
  if (actor.kind !== 'member') return refused('not-found', 'only a member has records of their own');
  const { org } = actor;
  const own: KeyedRecord[] = [];
  const stopped = await sayOfAll(service, actor, (each) => {
    own.push(each);
    return recordFor(service, org, stopOf(each));
  });
  // What of others cannot be recorded, as they are erased, needs no stop.
  for (const each of household && own.length > 0 ? await householdOf(service, org, own) : [])
    await recordFor(service, org, stopOf(each));
  return stopped.kind === 'refused' ? stopped : done({ items: [...stopped.value] });
}

const stopOf = ({ source, record }: OwnRecord) =>
  recordPreferenceInput.parse({ source, person: record, kind: 'objection', by: 'web' });

/**
 * The other records of the same sources at the same postcode and first address line, with the same surname, e-mail address or
 * telephone number: as keys are folded in C4.
 */
export async function householdOf(
  service: Service,
  org: string,
  own: readonly OwnRecord[],
): Promise<readonly OwnRecord[]> {
  return readSources(service, org, async ({ workspace, engine, dirOf }) => {
    const found: OwnRecord[] = [];
    for (const source of workspace.sources) {
      const ours = own.filter((each) => each.source === source.id).map(({ record }) => record);
      if (ours.length === 0) continue;
      const sql = householdSql(engine, source, join(await dirOf(source), 'records.parquet'), ours);
      const rows = sql === null ? [] : await engine.rows(sql);
      for (const { rid } of rows) if (typeof rid === 'string') found.push({ source: source.id, record: rid });
    }
    return found;
  });
}

const wanted = ['postcode', 'address', 'surname', 'email', 'phone'] as const satisfies readonly Part[];

/** Null where the source has no addresses. Few share a postcode, by whose key they are found: only theirs are folded. */
function householdSql(engine: Engine, source: Source, path: string, own: readonly string[]): string | null {
  const { dialect } = engine;
  const parts = wanted.flatMap((part) => {
    const sql = recordPart(engine, source, part, keptColumn(engine, 'r'), true);
    return sql === null ? [] : [[part, sql] as const];
  });
  const there = new Set<Part>(parts.map(([part]) => part));
  const same = (['surname', 'email', 'phone'] as const).filter((part) => there.has(part));
  if (!there.has('postcode') || !there.has('address') || same.length === 0) return null;
  const records = dialect.parquet(path);
  const ours = own.map(dialect.literal).join(', ');
  const folded = parts.map(([part, sql]) => `${sql} AS ${part}`).join(', ');
  return `WITH near AS (SELECT r.rid, ${folded} FROM ${records} r
      WHERE r.m_postcode IN (SELECT o.m_postcode FROM ${records} o WHERE o.rid IN (${ours}) AND o.m_postcode IS NOT NULL)),
    ours AS (SELECT * FROM near WHERE rid IN (${ours}))
    SELECT DISTINCT n.rid FROM near n JOIN ours o ON n.postcode = o.postcode AND n.address = o.address
      AND (${same.map((part) => `(n.${part} <> '' AND n.${part} = o.${part})`).join(' OR ')})
    WHERE n.rid NOT IN (${ours}) ORDER BY n.rid`;
}
