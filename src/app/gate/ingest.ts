/**
 * `astold ingest`: reads a source and the suppression lists once, so that what cannot be read is known early; and commits
 * to what was read, in the log where the workspace has one.
 */
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import type { ListSnapshot, Snapshot } from '../../bulk/ingest/snapshot.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Source } from '../../policy/model.ts';
import { GateError, type GateOptions } from './context.ts';
import { freeze } from './frozen.ts';

export type IngestOptions = Omit<GateOptions, 'asOf'>;
export type Ingested = {
  readonly sources: readonly { readonly source: string; readonly snapshot: Snapshot }[];
  readonly lists: readonly { readonly list: string; readonly snapshot: ListSnapshot }[];
};

/**
 * Ingests one source, or every source where `sourceId` is null, and every list. What has not changed is used again.
 * Errors: GateError `source-unknown`, and those of the ingest and the key.
 */
export async function ingest(
  workspace: Workspace,
  sourceId: string | null,
  options: IngestOptions,
): Promise<Ingested> {
  const wanted = sourceId === null ? workspace.sources : [sourceOf(workspace, sourceId)];
  const [{ screenList }, { commitIngest }, { logIngested, logWanting }] = await Promise.all([
    import('../../bulk/ingest/screen-list.ts'),
    import('./commit-ingest.ts'),
    import('./release-log.ts'),
  ]);
  const logging = (await logWanting(workspace.root)) === null;
  return withEngine(workspace, options, async (engine, snapshotOf) => {
    const sources: { source: string; snapshot: Snapshot }[] = [];
    const lists = new Map<string, ListSnapshot>();
    for (const source of wanted) {
      const snapshot = await snapshotOf(source);
      const { ingested } = await commitIngest(engine, workspace.root, source.id, snapshot);
      if (logging) await logIngested(workspace, options.ledger, ingested);
      sources.push({ source: source.id, snapshot });
      // What can be read of a list is the same beside each source.
      for (const list of workspace.lists)
        lists.set(list.id, await screenList(engine, { list, source, snapshot }));
    }
    return { sources, lists: [...lists].map(([list, snapshot]) => ({ list, snapshot })) };
  });
}

/** The source of that id. Throws GateError `source-unknown`. */
export function sourceOf(workspace: Workspace, id: string): Source {
  const found = workspace.sources.find((source) => source.id === id);
  if (found) return found;
  const known = workspace.sources.map((source) => source.id).join(', ') || 'none';
  throw new GateError('source-unknown', `no source "${id}"; the sources of this workspace are: ${known}`);
}

/** Opens the engine for some work on snapshots, and closes it whatever happens. */
export async function withEngine<T>(
  workspace: Workspace,
  options: IngestOptions,
  work: (engine: Engine, snapshotOf: (source: Source) => Promise<Snapshot>) => Promise<T>,
): Promise<T> {
  const [{ openDuckdb }, { ingestSource }, { closeWorkplace, openWorkplace }] = await Promise.all([
    import('../../bulk/engines/duckdb.ts'),
    import('../../bulk/ingest/ingest-source.ts'),
    import('../../bulk/ingest/workplace.ts'),
  ]);
  const dir = join(workspace.root, '.astold');
  const engine = await openDuckdb({
    tempDirectory: join(dir, 'tmp'),
    ...(options.threads === null ? {} : { threads: options.threads }),
    ...(options.memoryLimit === null ? {} : { memoryLimit: options.memoryLimit }),
  });
  const recordings = openWorkplace(join(dir, 'tmp'));
  try {
    return await work(engine, async (source) => {
      const { recorded } = await freeze(options.ledger, source.id, join(recordings, source.id));
      return ingestSource(engine, { source, recorded, dir, onProgress: options.onProgress });
    });
  } finally {
    engine.close();
    closeWorkplace(recordings);
  }
}
