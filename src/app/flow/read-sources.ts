/** The sources of an organisation as they were last read, for some work on the records of few people. */
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { readKeptRecords } from '../../bulk/ingest/kept.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Source } from '../../policy/model.ts';
import { withEngine } from '../gate/ingest.ts';
import { compareContacts, type SnapshotRead, writeContacts } from './contact-changes.ts';
import { FlowError } from './flow-error.ts';
import { peopleOptions } from './people-options.ts';
import { readWorkspace } from './read-workspace.ts';
import type { Service } from './service.ts';

export type ReadSources = {
  readonly workspace: Workspace;
  readonly engine: Engine;
  /** The folder of the snapshot that a source is read from; one that was never read is read now. */
  dirOf(source: Source): Promise<string>;
};

/** Opens the engine, and closes it whatever happens. */
export async function readSources<T>(
  service: Service,
  org: string,
  work: (read: ReadSources) => Promise<T>,
): Promise<T> {
  const workspace = await readWorkspace(service, org);
  const last = await lastRead(service, org);
  return withEngine(workspace, peopleOptions(service, org), (engine, snapshotOf) => {
    const dirs = new Map<string, Promise<string>>();
    const read = async (source: Source): Promise<string> => {
      const kept = keptDir(workspace, last.get(source.id));
      if (kept !== null) return kept;
      const snapshot = await snapshotOf(source);
      await noteAddresses(service, org, workspace, { engine, source, read: snapshot });
      return snapshot.dir;
    };
    return work({
      workspace,
      engine,
      dirOf(source) {
        const dir = dirs.get(source.id) ?? read(source);
        dirs.set(source.id, dir);
        return dir;
      },
    });
  });
}

/** Nobody has ingested it: its addresses are held against what it held when it was last looked at. */
async function noteAddresses(
  service: Service,
  org: string,
  { root }: Workspace,
  given: { readonly engine: Engine; readonly source: Source; readonly read: SnapshotRead },
): Promise<void> {
  const { engine, source, read } = given;
  const written = { org, source: source.id, digest: read.digest, now: service.now() };
  for (let i = 1; ; i++) {
    const compared = await compareContacts(service, engine, { org, root, source, read });
    if (compared.from === read.digest) return;
    try {
      return await service.state.as(org, (tx) => writeContacts(tx, written, compared));
    } catch (error) {
      // Somebody else asked at the same time.
      if (!(error instanceof FlowError) || i === attempts) throw error;
    }
  }
}
const attempts = 3;

/** The snapshot of each source's last ingest. */
export async function lastRead({ state }: Service, org: string): Promise<ReadonlyMap<string, string>> {
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

/** The folder of a snapshot that is whole, and of the version that is read here; else null. */
export function keptDir({ root }: Workspace, digest: string | undefined): string | null {
  if (digest === undefined) return null;
  const dir = join(root, '.astold', 'snapshots', digest);
  return readKeptRecords(dir) === null ? null : dir;
}
