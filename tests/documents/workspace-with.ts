/** Workspaces for tests: the scaffold, with some of its files changed. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { scaffold } from '../../src/app/workspace/scaffold/files.ts';
import { DocumentError, type Fault } from '../../src/documents/fault.ts';
import { loadWorkspaceOn, type Workspace } from '../../src/documents/workspace.ts';

export const today = '2026-11-21';
/** By path: the new text, a change of the present one, or null to leave the file out. */
export type Edits = Readonly<Record<string, string | null | ((text: string) => string)>>;

/** Writes the workspace, hands it over, and removes it. */
export async function withWorkspace<T>(edits: Edits, use: (root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'astold-documents-'));
  try {
    const files = new Map<string, string | null>(scaffold(today).map((f) => [f.path, f.text]));
    for (const [path, edit] of Object.entries(edits)) {
      const before = files.get(path) ?? '';
      const after = typeof edit === 'function' ? edit(before) : edit;
      if (after === before) throw new Error(`the edit of ${path} changes nothing`);
      files.set(path, after);
    }
    for (const [path, text] of files) {
      if (text === null) continue;
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    return await use(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

export function load(edits: Edits): Promise<Workspace> {
  return withWorkspace(edits, (root) => loadWorkspaceOn(root, today));
}

/** The faults of a workspace with those edits; none where it loads. */
export async function faultsOf(edits: Edits): Promise<readonly Fault[]> {
  try {
    await load(edits);
    return [];
  } catch (error) {
    if (error instanceof DocumentError) return error.faults;
    throw error;
  }
}

/** Replaces words that must be there. */
export function replace(from: string, to: string): (text: string) => string {
  return (text) => {
    if (!text.includes(from)) throw new Error(`the text does not hold ${from}`);
    return text.replace(from, () => to);
  };
}

export const changes =
  (...each: readonly ((text: string) => string)[]): ((text: string) => string) =>
  (text) =>
    each.reduce((now, change) => change(now), text);
