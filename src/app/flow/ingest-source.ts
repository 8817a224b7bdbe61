/** Asks for a source to be read anew; a job does. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { readWorkspace } from './read-workspace.ts';
import { type ingestView, toIngestView } from './run-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const ingestSourceInput = z.strictObject({ source: z.string().max(80) });

/** One that waits already is the one: it reads what is there when it begins. Refuses `not-found`. */
export async function ingestSource(
  service: Service,
  { org, id: by }: Actor,
  { source }: z.output<typeof ingestSourceInput>,
): Promise<Answer<z.output<typeof ingestView>>> {
  const { sources } = await readWorkspace(service, org);
  if (!sources.some(({ id }) => id === source)) return refused('not-found', `there is no source "${source}"`);
  return service.state.as(org, async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`ingest ${org} ${source}`}, 0))`.execute(tx);
    const waiting = await tx
      .selectFrom('ingest')
      .selectAll()
      .where('org', '=', org)
      .where('source', '=', source)
      .where('state', '=', 'queued')
      .executeTakeFirst();
    if (waiting !== undefined) return done(toIngestView(waiting));
    const row = await tx
      .insertInto('ingest')
      .values({ org, id: randomUUID(), source, state: 'queued', asked_by: by, asked_at: service.now() })
      .returningAll()
      .executeTakeFirstOrThrow();
    await service.jobs.enqueue(tx, 'ingest', { org, id: row.id });
    return done(toIngestView(row));
  });
}
