/** A workspace: every document of a folder, parsed, checked, and checked against each other. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { dayOf } from '../policy/dates.ts';
import type {
  Agreement,
  Approval,
  Assessment,
  CivilDate,
  Duty,
  Freeze,
  Notice,
  Organisation,
  Request,
  Source,
  SuppressionList,
  Upstream,
} from '../policy/model.ts';
import type { RulePack } from '../policy/rules.ts';
import type { Config } from './config.ts';
import type { DocumentsPlace } from './copy-place.ts';
import { DocumentError, inOrder } from './fault.ts';
import { workspaceFile } from './read-files.ts';
import type { SupplyDocuments } from './recipient.ts';

export type Workspace = {
  /** Absolute path of the folder. */
  readonly root: string;
  readonly config: Config;
  readonly organisations: readonly Organisation[];
  readonly notices: readonly Notice[];
  readonly agreements: readonly Agreement[];
  readonly requests: readonly Request[];
  readonly sources: readonly Source[];
  readonly lists: readonly SuppressionList[];
  readonly assessments: readonly Assessment[];
  readonly approvals: readonly Approval[];
  readonly upstream: readonly Upstream[];
  /** Null where `duties.yaml` or `freezes.yaml` is absent: the gate refuses (B5). */
  readonly duties: readonly Duty[] | null;
  readonly freezes: readonly Freeze[] | null;
  readonly rules: RulePack;
  /** What only sealing a supply reads. */
  readonly supply: SupplyDocuments;
  /** The file of each document, relative to the root, by kind and id: `request:toy-offer`. */
  readonly files: ReadonlyMap<string, string>;
  /** The text of every document and rule pack as it was read, by where a copy of the documents has it. */
  readonly texts: ReadonlyMap<string, string>;
};

/** The nearest folder with an `astold.yaml`, from a folder upwards; null where there is none. */
export function findWorkspace(from: string): string | null {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, workspaceFile))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/** Reads the workspace in `dir`. Throws `DocumentError` with the faults of all its files, in order. */
export function loadWorkspace(dir: string): Promise<Workspace> {
  return loadWorkspaceOn(dir, dayOf(Date.now()));
}

/** The same on a given day: a sign-off or an approval dated after it does not count. */
export function loadWorkspaceOn(dir: string, today: CivilDate): Promise<Workspace> {
  return load(dir, today, 'workspace');
}

/**
 * Reads a copy of a workspace's documents in just the same way, and nothing that is not in it: its rule pack and the files
 * of its sets lie in it. `today` is as in `loadWorkspaceOn`.
 */
export function loadCopyOn(dir: string, today: CivilDate): Promise<Workspace> {
  return load(dir, today, 'copy');
}

async function load(dir: string, today: CivilDate, place: DocumentsPlace): Promise<Workspace> {
  const root = resolve(dir);
  // Loaded here, so that finding a workspace costs nothing.
  const { gather } = await import('./gather.ts');
  const { workspace, faults, sources } = await gather(root, today, place);
  if (workspace === null || faults.length > 0) throw new DocumentError(inOrder(faults), sources);
  return workspace;
}

/** The request of that id or file (`toy-offer`, `requests/toy-offer.yaml`); null where there is none. */
export function findRequest(workspace: Workspace, reference: string): Request | null {
  const byId = workspace.requests.find((request) => request.id === reference);
  if (byId) return byId;
  const wanted = [resolve(reference), resolve(workspace.root, reference)];
  return (
    workspace.requests.find((r) =>
      wanted.includes(resolve(workspace.root, workspace.files.get(`request:${r.id}`) ?? '')),
    ) ?? null
  );
}
