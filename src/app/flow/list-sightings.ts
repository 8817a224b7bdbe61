/** What turned up, the latest first. */
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../../store/postgres/tables.ts';
import { type Page, pageInput, pageOf, pageView } from './cursor.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { after, timedPlace } from './timed-cursor.ts';

export type SightingRow = Selectable<Tables['sighting']>;

export const listSightingsInput = pageInput;
export const sightingView = z
  .object({
    sighting: z.string(),
    /** A trace code, or the id of a sleeper. */
    code: z.string(),
    /** The release it is of; null where it is of none here, or cannot be told from others. */
    release: z.string().nullable(),
    seenOn: z.iso.date(),
    words: z.string(),
    reportedBy: z.string(),
    reported: z.iso.datetime(),
  })
  .meta({ id: 'Sighting' });
export type SightingView = z.output<typeof sightingView>;
export const sightingsView = pageView(sightingView);

export async function listSightings(
  service: Service,
  actor: Actor,
  { cursor, limit }: z.output<typeof listSightingsInput>,
): Promise<Answer<Page<SightingView>>> {
  const place = timedPlace(cursor);
  if (place === null) return refused('input-invalid', 'the cursor is none of this list');
  const [rows] = await service.state.look(actor.org, (db) => [
    db
      .selectFrom('sighting')
      .selectAll()
      .where('org', '=', actor.org)
      .where(after('reported_at', place))
      .orderBy('reported_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1),
  ]);
  return done(pageOf(rows.map(viewOfSighting), limit, (view) => [view.reported, view.sighting]));
}

export function viewOfSighting(row: SightingRow): SightingView {
  const { id, code, release, seen_on, words, reported_by, reported_at } = row;
  return {
    ...{ sighting: id, code, release, seenOn: seen_on, words },
    ...{ reportedBy: reported_by, reported: reported_at.toISOString() },
  };
}
