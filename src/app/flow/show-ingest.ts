/** How far the reading of a source is, and what came of it. */
import { z } from 'zod';
import { type ingestView, toIngestView } from './run-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const showIngestInput = z.strictObject({ ingest: z.string().max(100) });

export async function showIngest(
  { state }: Service,
  { org }: Actor,
  { ingest }: z.output<typeof showIngestInput>,
): Promise<Answer<z.output<typeof ingestView>>> {
  const row = await state.as(org, (tx) =>
    tx.selectFrom('ingest').selectAll().where('org', '=', org).where('id', '=', ingest).executeTakeFirst(),
  );
  return row === undefined ? refused('not-found', 'there is no such ingest') : done(toIngestView(row));
}
