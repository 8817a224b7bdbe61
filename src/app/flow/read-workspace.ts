/**
 * An organisation's documents for whoever only reads them, while a job may have the workspace: a copy by its digest in
 * `.astold/`, loaded once in this process. Nothing of the state is in it: no duties, freezes or approvals.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { closeWorkplace, openWorkplace } from '../../bulk/ingest/workplace.ts';
import { loadWorkspace, type Workspace } from '../../documents/workspace.ts';
import { documentSet, documentTexts, type Files, wholeDigest } from './current-documents.ts';
import type { Service } from './service.ts';
import { together } from './together.ts';
import { rootOf } from './workspace-of.ts';
import { writeDocuments } from './write-documents.ts';

/** How long an earlier copy is kept, milliseconds. */
const keptFor = 3600_000;
const copiesFolder = join('.astold', 'documents');
type Kept = { readonly whole: string; readonly workspace: Promise<Workspace>; loading: boolean };
const kept = new WeakMap<Service['state'], Map<string, Kept>>();

/** Its `root` is the organisation's own. Throws DocumentError. */
export async function readWorkspace(service: Service, org: string): Promise<Workspace> {
  const ours = kept.get(service.state) ?? new Map<string, Kept>();
  kept.set(service.state, ours);
  const standing = (whole: string): Promise<Workspace> | null => {
    const before = ours.get(org);
    // `.astold/` may be removed at any time.
    if (before?.whole !== whole) return null;
    return before.loading || existsSync(copyOf(service, org, whole)) ? before.workspace : null;
  };
  const before = standing(await wholeOf(service.state, org));
  if (before !== null) return before;
  const set = await service.state.as(org, (tx) => documentSet(tx, org));
  // Somebody else has begun with it meanwhile.
  const begun = standing(set.whole);
  if (begun !== null) return begun;
  const workspace = load(service, org, set.whole, () =>
    service.state.as(org, (tx) => documentTexts(tx, org, set)),
  );
  const one: Kept = { whole: set.whole, workspace, loading: true };
  ours.set(org, one);
  workspace.then(
    () => {
      one.loading = false;
    },
    // What could not be loaded is tried again.
    () => ours.get(org) === one && ours.delete(org),
  );
  return workspace;
}

/** Milliseconds. */
const asksEvery = 20;
const asking = new WeakMap<Service['state'], ReturnType<typeof together<string>>>();

/** Of the documents as they now are; asked once for many who want to know. */
function wholeOf(state: Service['state'], org: string): Promise<string> {
  const ask = asking.get(state) ?? together<string>(asksEvery);
  asking.set(state, ask);
  return ask(org, () => wholeDigest(state, org));
}

async function load(
  service: Service,
  org: string,
  whole: string,
  texts: () => Promise<Files>,
): Promise<Workspace> {
  const root = rootOf(service, org);
  const copy = copyOf(service, org, whole);
  if (!existsSync(copy)) await makeCopy(root, copy, await texts());
  const workspace = await loadWorkspace(copy);
  await forgetOthers(join(root, copiesFolder), whole);
  return { ...workspace, root };
}

const copyOf = (service: Service, org: string, whole: string): string =>
  join(rootOf(service, org), copiesFolder, whole);

async function makeCopy(root: string, copy: string, files: Files): Promise<void> {
  const place = openWorkplace(join(root, copiesFolder));
  try {
    const dir = join(place, 'documents');
    await layOut(root, dir, files);
    // Two at once make the same.
    await rename(dir, copy).catch(async (error: unknown) => {
      if (!existsSync(copy)) throw error;
    });
  } finally {
    closeWorkplace(place);
  }
}

/** The documents in `dir`, with the organisation's own data beside them. */
export async function layOut(root: string, dir: string, files: Files): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const data = join(root, 'data');
  await mkdir(data, { recursive: true, mode: 0o700 });
  await symlink(data, join(dir, 'data'), 'junction');
  await writeDocuments(dir, files);
}

/** Whoever began with an earlier copy may still read from it: it goes when that is long past. */
async function forgetOthers(copies: string, whole: string): Promise<void> {
  for (const name of await readdir(copies)) {
    if (!/^[0-9a-f]{64}$/.test(name) || name === whole) continue;
    const path = join(copies, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > keptFor)
      await rm(path, { recursive: true, force: true });
  }
}
