/** A whole set of documents held against itself before any of it becomes current: in a copy that goes again. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { clearWorkplaces, closeWorkplace, openWorkplace } from '../../bulk/ingest/workplace.ts';
import { DocumentError, type Fault, inOrder } from '../../documents/fault.ts';
import { loadWorkspace, type Workspace } from '../../documents/workspace.ts';
import type { Files } from './current-documents.ts';
import { namedFileFaults } from './named-files.ts';
import { layOut } from './read-workspace.ts';
import type { Service } from './service.ts';
import { rootOf } from './workspace-of.ts';

export type Checked =
  /** Its `root` is the copy, which is gone. */
  | { readonly kind: 'sound'; readonly workspace: Workspace }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] };

/** `files` as `withState` gives them. What documents name outside the organisation's own data is not read. */
export async function checkDocuments(service: Service, org: string, files: Files): Promise<Checked> {
  const outside = namedFileFaults(files);
  if (outside.length > 0) return { kind: 'faulty', faults: inOrder(outside) };
  const root = rootOf(service, org);
  const places = join(root, '.astold', 'checking');
  await mkdir(places, { recursive: true, mode: 0o700 });
  clearWorkplaces(places);
  const place = openWorkplace(places);
  try {
    const dir = join(place, 'documents');
    await layOut(root, dir, files);
    return { kind: 'sound', workspace: await loadWorkspace(dir) };
  } catch (error) {
    if (error instanceof DocumentError) return { kind: 'faulty', faults: error.faults };
    throw error;
  } finally {
    // Some hundred files, while others wait for their answers.
    await rm(place, { recursive: true, force: true });
    closeWorkplace(place);
  }
}
