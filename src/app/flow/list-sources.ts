/** The sources of an organisation, their files, and how each was last read. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import type { Source } from '../../policy/model.ts';
import { readWorkspace } from './read-workspace.ts';
import { ingestView, toIngestView } from './run-view.ts';
import { type Actor, type Answer, done, type Service } from './service.ts';

export const listSourcesInput = z.strictObject({});
const sourceView = z
  .object({
    source: z.string(),
    organisation: z.string(),
    synthetic: z.boolean(),
    /** `bytes` null: it is not there. */
    files: z.array(
      z.object({
        name: z.string(),
        bytes: z.number().int().nullable(),
        changedAt: z.iso.datetime().nullable(),
      }),
    ),
    lastIngest: ingestView.nullable(),
  })
  .meta({ id: 'Source' });
export const sourcesView = z.object({ items: z.array(sourceView) });

export async function listSources(
  service: Service,
  { org }: Actor,
  _: z.output<typeof listSourcesInput>,
): Promise<Answer<z.output<typeof sourcesView>>> {
  const { sources } = await readWorkspace(service, org);
  const ingests = await service.state.as(org, (tx) =>
    tx
      .selectFrom('ingest')
      .distinctOn('source')
      .selectAll()
      .where('org', '=', org)
      .orderBy('source')
      .orderBy('asked_at', 'desc')
      .execute(),
  );
  const items = await Promise.all(
    sources.map(async (source) => {
      const last = ingests.find((each) => each.source === source.id);
      return {
        source: source.id,
        organisation: source.organisation,
        synthetic: source.synthetic,
        files: await Promise.all(pathsOf(source).map(fileView)),
        lastIngest: last === undefined ? null : toIngestView(last),
      };
    }),
  );
  return done({ items });
}

const pathsOf = ({ file, preferences, areas }: Source): readonly string[] =>
  [file.path, preferences?.file.path, areas?.file.path].filter((path) => path !== undefined);

async function fileView(path: string) {
  const found = await stat(path).catch(() => null);
  return {
    name: basename(path),
    bytes: found?.size ?? null,
    changedAt: found?.mtime.toISOString() ?? null,
  };
}
