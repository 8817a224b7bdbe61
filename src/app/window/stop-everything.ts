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
import { begunOnce, recordedBefore, saidAfter } from './said-in-part.ts';
import { sayOfAll } from './say-of-all.ts';

export const stopEverythingInput = z.strictObject({ household: z.boolean() });
/** Of the member's own records alone, whomever it reached. */
export const stoppedView = z.object({ items: z.array(preferenceView) });

/**
 * What was erased is passed over. Refuses `not-found`, and `preference-refused` once all that can be is recorded. Throws
 * SayError where something comes in between, with their own events alone.
 */
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
  const recorded =
    stopped.kind === 'done' ? stopped.value.map(({ event }) => event) : recordedBefore(stopped);
  if (household && own.length > 0)
    await saidAfter(recorded, () => begunOnce((begin) => stopHousehold(service, org, own, begin)));
  return stopped.kind === 'refused' ? stopped : done({ items: [...stopped.value] });
}

/** Once it has begun, nobody is told how far it went: that would say whether there is anybody else. */
async function stopHousehold(
  service: Service,
  org: string,
  own: readonly OwnRecord[],
  begin: () => void,
): Promise<void> {
  begin();
  for (const each of await householdOf(service, org, own)) await recordFor(service, org, stopOf(each));
}

const stopOf = ({ source, record }: OwnRecord) =>
  recordPreferenceInput.parse({ source, person: record, kind: 'objection', by: 'web' });

/**
 * The other records of all sources at the same postcode and first address line, with the same surname, e-mail address or
 * telephone number: as keys are folded in C4.
 */
export async function householdOf(
  service: Service,
  org: string,
  own: readonly OwnRecord[],
): Promise<readonly OwnRecord[]> {
  return readSources(service, org, async ({ workspace, engine, dirOf }) => {
    const asked: Asked[] = [];
    for (const source of workspace.sources) {
      const records = own.filter((each) => each.source === source.id).map(({ record }) => record);
      asked.push({ source, path: join(await dirOf(source), 'records.parquet'), own: records });
    }
    const ours = asked.filter((each) => each.own.length > 0).map((each) => oursIn(engine, each));
    const found: OwnRecord[] = [];
    for (const each of ours.length === 0 ? [] : asked) {
      const rows = await engine.rows(homeSql(engine, each, ours.join(' UNION ALL ')));
      for (const { rid } of rows)
        if (typeof rid === 'string') found.push({ source: each.source.id, record: rid });
    }
    return found;
  });
}

type Asked = { readonly source: Source; readonly path: string; readonly own: readonly string[] };

const wanted = ['postcode', 'address', 'surname', 'email', 'phone'] as const satisfies readonly Part[];

const oursIn = (engine: Engine, { source, path, own }: Asked): string =>
  `SELECT ${folded(engine, source)} FROM ${engine.dialect.parquet(path)} r WHERE r.rid IN (${own.map(engine.dialect.literal).join(', ')})`;

/** What of it a source has not is null, and like nothing. */
function folded(engine: Engine, source: Source): string {
  const parts = wanted.map((part) => {
    const sql = recordPart(engine, source, part, keptColumn(engine, 'r'), true);
    return `${sql ?? 'CAST(NULL AS VARCHAR)'} AS ${part}`;
  });
  return `r.rid, r.m_postcode, ${parts.join(', ')}`;
}

/** Few share a postcode, by whose key they are found: only theirs are folded. */
function homeSql(engine: Engine, { source, path, own }: Asked, ours: string): string {
  const { dialect } = engine;
  const same = (['surname', 'email', 'phone'] as const).map(
    (part) => `(n.${part} <> '' AND n.${part} = o.${part})`,
  );
  const others = own.length === 0 ? 'TRUE' : `n.rid NOT IN (${own.map(dialect.literal).join(', ')})`;
  return `WITH ours AS (${ours}),
    near AS (SELECT ${folded(engine, source)} FROM ${dialect.parquet(path)} r
      WHERE r.m_postcode IN (SELECT m_postcode FROM ours WHERE m_postcode IS NOT NULL))
    SELECT DISTINCT n.rid FROM near n JOIN ours o ON n.postcode = o.postcode AND n.address = o.address
      AND (${same.join(' OR ')})
    WHERE ${others} ORDER BY n.rid`;
}
