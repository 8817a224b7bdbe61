/**
 * The files that a request is decided on, digested from the moment they are known: while the gate and the engine are
 * loaded. Of the program little is loaded for it.
 */
import { join } from 'node:path';
import { type DigestMemory, openDigestMemory } from '../../bulk/ingest/digest-memory.ts';
import { beginDigest } from '../../bulk/ingest/file-digest.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { FileSpec, Source } from '../../policy/model.ts';

export type Reading = {
  readonly source: Source;
  readonly inputs: readonly FileSpec[];
  /** To be saved once they were read. */
  readonly memory: DigestMemory;
};

/** Null where there is no such request, or none of its source: the gate says so. */
export function beginReading(workspace: Workspace, requestId: string): Reading | null {
  const request = workspace.requests.find(({ id }) => id === requestId);
  const source = workspace.sources.find(({ id }) => id === request?.source);
  return source === undefined ? null : beginReadingSource(workspace, source);
}

export function beginReadingSource({ root, lists }: Workspace, source: Source): Reading {
  const memory = openDigestMemory(join(root, '.astold/digests.json'));
  const { file, preferences, areas } = source;
  const inputs = [file, preferences?.file, areas?.file, ...lists.map((list) => list.file)].filter(
    (each) => each !== undefined,
  );
  // The largest first.
  for (const each of inputs) beginDigest(each, memory);
  return { source, inputs, memory };
}
