/** The records that stand for one e-mail address: whose they are may speak for them, and nobody else. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { foldPart, keptColumn, keyHash, recordPart } from '../../bulk/ingest/keys.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { foldEmail } from '../../policy/fold.ts';
import type { Source } from '../../policy/model.ts';
import { withEngine } from '../gate/ingest.ts';
import { peopleOptions } from './people-options.ts';
import { readWorkspace } from './read-workspace.ts';
import type { Service } from './service.ts';

export type OwnRecord = { readonly source: string; readonly record: string };

/** An address that is more people's than so is nobody's own. */
const mostRecords = 20;

/**
 * In every source that has e-mail addresses, as it was last read. Opens the engine, and reads a source that was never read.
 * None for an address that stands in more records than one household has.
 */
export async function ownRecords(
  service: Service,
  org: string,
  email: string,
): Promise<readonly OwnRecord[]> {
  if (foldEmail(email) === '') return [];
  const workspace = await readWorkspace(service, org);
  const sources = workspace.sources.filter(({ roles }) => roles.email !== null);
  if (sources.length === 0) return [];
  const kept = await lastRead(service, org);
  return withEngine(workspace, peopleOptions(service, org), async (engine, snapshotOf) => {
    const found: OwnRecord[] = [];
    for (const source of sources) {
      const before = keptDir(workspace, kept.get(source.id));
      const dir = before ?? (await snapshotOf(source)).dir;
      found.push(...(await recordsIn(engine, source, dir, email)));
    }
    return found;
  });
}

/** The snapshot of each source's last ingest. */
async function lastRead({ state }: Service, org: string): Promise<ReadonlyMap<string, string>> {
  const rows = await state.as(org, (tx) =>
    tx
      .selectFrom('ingest')
      .distinctOn('source')
      .select(['source', 'snapshot'])
      .where('org', '=', org)
      .where('state', '=', 'done')
      .orderBy('source')
      .orderBy('asked_at', 'desc')
      .execute(),
  );
  return new Map(
    rows.flatMap(({ source, snapshot }) => (snapshot === null ? [] : [[source, snapshot] as const])),
  );
}

function keptDir({ root }: Workspace, digest: string | undefined): string | null {
  if (digest === undefined) return null;
  const dir = join(root, '.astold', 'snapshots', digest);
  return existsSync(join(dir, 'records.parquet')) ? dir : null;
}

/** By the hash that records are held under first, then by the address itself. */
async function recordsIn(engine: Engine, source: Source, dir: string, email: string): Promise<OwnRecord[]> {
  const { dialect } = engine;
  const asked = foldPart(engine, 'email', dialect.literal(email));
  const held = recordPart(engine, source, 'email', keptColumn(engine, 'r'));
  if (held === null) return [];
  const rows = await engine.rows(
    `SELECT r.rid AS rid FROM ${dialect.parquet(join(dir, 'records.parquet'))} r
     WHERE r.m_email = ${keyHash(engine, 'email', () => asked)} AND ${held} = ${asked}
     ORDER BY r.rid LIMIT ${mostRecords + 1}`,
  );
  if (rows.length > mostRecords) return [];
  return rows.flatMap(({ rid }) => (typeof rid === 'string' ? [{ source: source.id, record: rid }] : []));
}
