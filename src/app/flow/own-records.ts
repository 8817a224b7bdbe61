/** The records that stand for one e-mail address: whose they are may speak for them, and nobody else. */
import { join } from 'node:path';
import { destroyedAmong } from '../../bulk/destroyed.ts';
import type { Engine } from '../../bulk/engine.ts';
import { foldPart, keptColumn, keyHash, recordPart } from '../../bulk/ingest/keys.ts';
import { foldEmail } from '../../policy/fold.ts';
import type { Source } from '../../policy/model.ts';
import { suppressed, suppressionKey } from '../gate/suppression-key.ts';
import { heldKeys } from './contact-changes.ts';
import { type ReadSources, readSources } from './read-sources.ts';
import { readWorkspace } from './read-workspace.ts';
import type { Service } from './service.ts';

export type OwnRecord = { readonly source: string; readonly record: string };

/** An address that is more people's than so is nobody's own. */
const mostRecords = 20;

/**
 * In every source that has e-mail addresses, as it was last read. Opens the engine, and reads a source that was never read.
 * None for an address that stands in more records than one household has; and no record whose address was changed in the
 * last days (`heldDays`), however its member came. None that was erased, though it may stand in the source's file still.
 */
export async function ownRecords(
  service: Service,
  org: string,
  email: string,
): Promise<readonly OwnRecord[]> {
  if (foldEmail(email) === '') return [];
  const { sources } = await readWorkspace(service, org);
  if (!sources.some(hasEmail)) return [];
  return readSources(service, org, (read) => ownRecordsIn(service, org, read, email));
}

/** The same in an engine that is open. */
export async function ownRecordsIn(
  service: Service,
  org: string,
  { workspace, engine, dirOf }: ReadSources,
  email: string,
): Promise<readonly OwnRecord[]> {
  if (foldEmail(email) === '') return [];
  const found: OwnRecord[] = [];
  for (const source of workspace.sources.filter(hasEmail)) {
    const there = await recordsIn(engine, source, await dirOf(source), email);
    const ids = there.map(({ record }) => record);
    const erased = await destroyedAmong(engine, workspace.root, source.id, ids);
    found.push(...there.filter(({ record }) => !erased.has(record)));
  }
  return withoutHeld(service, org, workspace.root, found);
}

const hasEmail = ({ roles }: Source): boolean => roles.email !== null;

/** Those whose address was not changed of late. */
async function withoutHeld<T extends OwnRecord>(
  { state, now }: Service,
  org: string,
  root: string,
  records: readonly T[],
): Promise<readonly T[]> {
  const free = new Set<T>();
  for (const source of new Set(records.map((each) => each.source))) {
    const ours = records.filter((each) => each.source === source);
    const key = await suppressionKey(root, source);
    const keys = ours.map(({ record }) => suppressed(key, record));
    const held = await state.as(org, (tx) => heldKeys(tx, { org, source, keys, now: now() }));
    for (const [i, each] of ours.entries()) if (!held.has(keys[i] ?? '')) free.add(each);
  }
  return records.filter((each) => free.has(each));
}

/** By the hash that records are held under first, then by the address itself. */
async function recordsIn(engine: Engine, source: Source, dir: string, email: string): Promise<OwnRecord[]> {
  const { dialect } = engine;
  const asked = foldPart(engine, 'email', dialect.literal(email), true);
  const held = recordPart(engine, source, 'email', keptColumn(engine, 'r'), true);
  if (held === null) return [];
  const rows = await engine.rows(
    `SELECT r.rid AS rid FROM ${dialect.parquet(join(dir, 'records.parquet'))} r
     WHERE r.m_email = ${keyHash(engine, 'email', () => asked)} AND ${held} = ${asked}
     ORDER BY r.rid LIMIT ${mostRecords + 1}`,
  );
  if (rows.length > mostRecords) return [];
  return rows.flatMap(({ rid }) => (typeof rid === 'string' ? [{ source: source.id, record: rid }] : []));
}
