/**
 * An erasure is passed on before anything is destroyed: afterwards nobody can find the rows that a person has in what was
 * released. The deed of the queue does not do it again.
 */

import { peopleOptions } from '../flow/people-options.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import type { Service } from '../flow/service.ts';
import { rootOf } from '../flow/workspace-of.ts';
import { withEngine } from '../gate/ingest.ts';
import { suppressed, suppressionKey } from '../gate/suppression-key.ts';
import { heldReleases } from './held-releases.ts';
import { releaseRows } from './release-rows.ts';
import { type ToPassOn, writePassedOn } from './write-passed-on.ts';

export type ErasureToPassOn = {
  readonly org: string;
  readonly source: string;
  /** The record ids of whoever is to be erased. */
  readonly records: readonly string[];
  /** The case, or the event: the same again for the same erasure. */
  readonly cause: string;
};

/**
 * To every party that holds a row of theirs, all at once; gives to how many tasks that came. Where it throws, as where a release
 * that somebody holds cannot be looked into, nobody is told, and nothing may be destroyed yet. Errors: SupplyError, KeyError, and
 * those of the file system.
 */
export async function passOnErasure(service: Service, given: ErasureToPassOn): Promise<number> {
  const { org, source, records, cause } = given;
  const root = rootOf(service, org);
  const workspace = await readWorkspace(service, org);
  const held = (await service.state.as(org, (tx) => heldReleases(tx, org))).filter(
    (each) => each.source === source,
  );
  if (held.length === 0) return 0;
  const key = await suppressionKey(root, source);
  const found = await withEngine(workspace, peopleOptions(service, org), async (engine) => {
    const tasks: { readonly release: string; readonly given: readonly ToPassOn[] }[] = [];
    for (const { release } of held) {
      const rows = await releaseRows(root, release, workspace.organisations);
      const codes = await rows.codesOf(engine, records);
      const given = [...codes].map(([record, code]) => ({
        ...{ code, cause, kind: 'erasure' as const, said: null },
        recordKey: suppressed(key, record),
      }));
      tasks.push({ release, given });
    }
    return tasks;
  });
  return service.state.as(org, async (tx) => {
    let made = 0;
    for (const { release, given } of found)
      made += await writePassedOn(service, tx, { org, release, source }, given);
    return made;
  });
}
