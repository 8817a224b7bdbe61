/** The codes of a release that may not be used any more, as a file for a recipient that has nothing but the list. */
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { closeWorkplace, openWorkplace } from '../../bulk/ingest/workplace.ts';
import type { FileOut } from '../flow/fetch-download.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import { visibleRelease } from '../flow/release-view.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { delta } from '../supply/delta.ts';

export const makeDeltaInput = z.strictObject({ release: z.string().max(200) });

/** Decides anew, so it takes in what a suppression list has of them too. Refuses `not-found`, `wrong-state` with what stands against it. */
export async function makeDelta(
  service: Service,
  actor: Actor,
  { release }: z.output<typeof makeDeltaInput>,
): Promise<Answer<FileOut>> {
  const { org } = actor;
  const row = await service.state.as(org, (tx) => visibleRelease(tx, actor, release));
  if (row === null) return refused('not-found', 'there is no such release');
  const workspace = await readWorkspace(service, org);
  const aside = join(workspace.root, '.astold', 'tmp');
  await mkdir(aside, { recursive: true, mode: 0o700 });
  const place = openWorkplace(aside);
  try {
    const path = join(place, 'out.csv');
    const made = await delta(workspace, row.id, path, { ...peopleOptions(service, org), asOf: null });
    if (made.kind === 'refused') return refused('wrong-state', made.message);
    const { size } = await stat(path);
    const stream = createReadStream(path);
    // Open before the place goes: what is read is there until it is closed.
    await new Promise<void>((resolve, reject) => stream.once('open', () => resolve()).once('error', reject));
    await rm(path);
    return done({ name: `delta-${row.id}.csv`, type: 'text/csv; charset=utf-8', bytes: size, stream });
  } finally {
    closeWorkplace(place);
  }
}
