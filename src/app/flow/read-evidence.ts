/** The evidence of a release, for whoever audits it: which files there are, and each of them. */
import { open, readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { z } from 'zod';
import type { FileOut } from './fetch-download.ts';
import { visibleRelease } from './release-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { rootOf } from './workspace-of.ts';

export const listEvidenceInput = z.strictObject({ release: z.string().max(200) });
export const readEvidenceInput = listEvidenceInput.extend({ file: z.string().max(300) });
export const evidenceView = z
  .object({ items: z.array(z.object({ file: z.string(), bytes: z.number().int() })) })
  .meta({ id: 'Evidence' });

const none = refused('not-found', 'there is no such evidence');

export async function listEvidence(
  service: Service,
  actor: Actor,
  { release }: z.output<typeof listEvidenceInput>,
): Promise<Answer<z.output<typeof evidenceView>>> {
  const folder = await folderOf(service, actor, release);
  const items = folder === null ? null : await filesIn(folder);
  return items === null ? none : done({ items });
}

/** Only a file that the list names is opened: no path leads anywhere else. */
export async function readEvidence(
  service: Service,
  actor: Actor,
  { release, file }: z.output<typeof readEvidenceInput>,
): Promise<Answer<FileOut>> {
  const folder = await folderOf(service, actor, release);
  const files = folder === null ? null : await filesIn(folder);
  const found = files?.find((each) => each.file === file);
  if (folder === null || found === undefined) return none;
  const handle = await open(join(folder, file), 'r');
  return done({
    name: file.split('/').at(-1) ?? file,
    type: file.endsWith('.json') ? 'application/json' : 'application/octet-stream',
    bytes: found.bytes,
    stream: handle.createReadStream({ highWaterMark: 1 << 18 }),
  });
}

/** Of a release of this very organisation; null where there is none. */
async function folderOf(service: Service, actor: Actor, release: string): Promise<string | null> {
  const row = await service.state.as(actor.org, (tx) => visibleRelease(tx, actor, release));
  return row === null ? null : join(rootOf(service, actor.org), 'evidence', row.id);
}

/** Null where there is no such folder: the release is logged, and has not appeared yet. */
async function filesIn(folder: string): Promise<{ file: string; bytes: number }[] | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (entries === null) return null;
  const files: { file: string; bytes: number }[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const file = path
      .slice(folder.length + 1)
      .split(sep)
      .join('/');
    files.push({ file, bytes: (await stat(path)).size });
  }
  return files.sort((a, b) => (a.file < b.file ? -1 : 1));
}
