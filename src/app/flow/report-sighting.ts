/** Something of a list turned up somewhere: the trace codes and sleepers in it, and which release each is of, kept. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import { SupplyError } from '../../supply/supply-error.ts';
import { type Sighting, sighting } from '../supply/sighting.ts';
import { type SightingRow, type SightingView, sightingView, viewOfSighting } from './list-sightings.ts';
import { queueWebhook } from './queue-webhook.ts';
import { readWorkspace } from './read-workspace.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { wordsGiven } from './words-given.ts';

export const reportSightingInput = z.strictObject({
  /** A trace code, or the words that were seen. They are looked through, and not kept: they may be about somebody. */
  text: z.string().min(1).max(20_000),
  seenOn: z.iso.date(),
  /** Where, and how it came to us. */
  words: wordsGiven,
});
export const reportedView = z.object({ items: z.array(sightingView) });

export async function reportSighting(
  service: Service,
  actor: Actor,
  { text, seenOn, words }: z.output<typeof reportSightingInput>,
): Promise<Answer<{ readonly items: readonly SightingView[] }>> {
  const now = service.now();
  if (seenOn > dayOf(now.getTime())) return refused('input-invalid', 'that day is yet to come');
  const found = await lookedUp(service, actor.org, text);
  if (found.kind === 'refused') return found;
  if (found.value.length === 0) return refused('input-invalid', 'no trace code and no sleeper is in it');
  const rows = found.value.map(
    (seen): SightingRow => ({
      ...{ org: actor.org, id: randomUUID(), code: seen.kind === 'sleeper' ? seen.sleeper : seen.code },
      // One of several is none for sure.
      release: seen.from.length === 1 ? (seen.from[0]?.release ?? null) : null,
      ...{ seen_on: seenOn, words, reported_by: actor.id, reported_at: now },
    }),
  );
  await service.state.as(actor.org, async (tx) => {
    await tx.insertInto('sighting').values(rows).execute();
    for (const { id } of rows)
      await queueWebhook(
        tx,
        actor.org,
        { event: 'sighting.reported', data: { sighting: id }, parties: [] },
        now,
      );
  });
  return done({ items: rows.map(viewOfSighting) });
}

async function lookedUp(service: Service, org: string, text: string): Promise<Answer<readonly Sighting[]>> {
  const workspace = await readWorkspace(service, org);
  try {
    return done((await sighting(workspace, text)).sightings);
  } catch (error) {
    const mistyped =
      error instanceof SupplyError && ['trace-code-check', 'too-many-codes'].includes(error.code);
    if (mistyped) return refused('input-invalid', error.message);
    throw error;
  }
}
