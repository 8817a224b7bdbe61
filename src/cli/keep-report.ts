/** Keeping a check's report: the page and the JSON, in a folder named for what they say. */
import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import canonicalize from 'canonicalize';
import type { Outcome } from '../app/gate/outcome.ts';
import type { Workspace } from '../documents/workspace.ts';

/** An outcome whose files are named relative to a folder: reports name no place of this machine. */
export function placedIn(folder: string, outcome: Outcome): Outcome {
  const { rejectsFile, eventsUnmatchedFile } = outcome.source;
  const placed = (path: string | null): string | null => (path === null ? null : relative(folder, path));
  return {
    ...outcome,
    source: {
      ...outcome.source,
      rejectsFile: placed(rejectsFile),
      eventsUnmatchedFile: placed(eventsUnmatchedFile),
    },
  };
}

/** Writes `.astold/checks/<digest>/report.html` and `outcome.json`; returns the page's path, relative to `cwd`. */
export async function keepReport(workspace: Workspace, found: Outcome, cwd: string): Promise<string> {
  const { renderReport } = await import('../pages/report.ts');
  const outcome = placedIn(workspace.root, found);
  const json = canonicalize(outcome) ?? '';
  const digest = createHash('sha256').update(json).digest('hex').slice(0, 16);
  const folder = join(workspace.root, '.astold', 'checks', digest);
  await mkdir(folder, { recursive: true });
  const page = join(folder, 'report.html');
  await replace(join(folder, 'outcome.json'), json);
  await replace(page, await renderReport(outcome, workspace.notices));
  return relative(cwd, page) || page;
}

/** Whole or not at all: a reader never meets half a page. */
async function replace(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`;
  await writeFile(aside, text);
  await rename(aside, path);
}
