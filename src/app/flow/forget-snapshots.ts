/**
 * What a source was read as before it was read anew is forgotten: whoever was taken out of the file since, as an erasure asks,
 * is in it still. What is needed again is made again.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FlowError } from './flow-error.ts';
import { lastRead } from './read-sources.ts';
import type { Service } from './service.ts';
import { rootOf, withWorkspace } from './workspace-of.ts';

/** Whoever began to read one may still do so. Milliseconds. */
const keptFor = 3_600_000;

/** Of every organisation that no job works for just now. Gives how many are gone. */
export async function forgetSnapshots(service: Service): Promise<number> {
  let gone = 0;
  for (const { org } of await service.state.organisations()) {
    const old = await oldOf(service, org);
    if (old.length === 0) continue;
    try {
      // Asked again: a job that came before may use one.
      gone += await withWorkspace(service, org, async () => remove(await oldOf(service, org)));
    } catch (error) {
      if (!(error instanceof FlowError) || error.code !== 'workspace-busy') throw error;
    }
  }
  return gone;
}

/** Those that are of no source as it was last read or looked at; the latest of all stays, which may be of one that was never read by itself. */
async function oldOf(service: Service, org: string): Promise<readonly string[]> {
  const folder = join(rootOf(service, org), '.astold', 'snapshots');
  const kept = new Set([...(await lastRead(service, org)).values(), ...(await lastSeen(service, org))]);
  const all: { readonly path: string; readonly name: string; readonly at: number }[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    const path = join(folder, name);
    all.push({ path, name, at: (await stat(path)).mtimeMs });
  }
  const latest = Math.max(...all.map(({ at }) => at));
  const before = service.now().getTime() - keptFor;
  return all
    .filter(({ name, at }) => !kept.has(name) && at < before && (kept.size > 0 || at < latest))
    .map(({ path }) => path);
}

/** What the next reading of a source is compared with, whose addresses changed. */
async function lastSeen({ state }: Service, org: string): Promise<readonly string[]> {
  const rows = await state.as(org, (tx) =>
    tx.selectFrom('contact_seen').select('snapshot').where('org', '=', org).execute(),
  );
  return rows.map(({ snapshot }) => snapshot);
}

async function remove(paths: readonly string[]): Promise<number> {
  for (const path of paths) await rm(path, { recursive: true, force: true });
  return paths.length;
}
