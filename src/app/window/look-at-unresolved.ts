/** A stop that waits for a person to say whose it is, with what it came with and whom it may be of: a look-up like any other. */
import { readSources } from '../flow/read-sources.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { type OpenStop, openStops } from './list-unresolved.ts';
import { plausibleRecords } from './match-records.ts';
import type { PersonRow } from './person-shown.ts';
import { recordKey } from './record-key.ts';
import { type LookedUp, mostFound, writeLookUp } from './write-look-up.ts';

export type UnresolvedSeen = { readonly stop: OpenStop; readonly found: LookedUp };

/** Refuses `not-found`, `too-many-look-ups`. */
export async function lookAtUnresolved(
  service: Service,
  actor: Actor,
  { event }: { readonly event: string },
): Promise<Answer<UnresolvedSeen>> {
  const seen = await readSources(service, actor.org, async ({ workspace, engine, dirOf }) => {
    for (const source of workspace.sources) {
      const stop = (await openStops(service, actor.org, source.id)).find((each) => each.event === event);
      if (stop === undefined) continue;
      const held = { engine, source, dir: await dirOf(source) };
      const rows = await plausibleRecords(held, { event, details: stop.details }, mostFound + 1);
      const found: PersonRow[] = [];
      for (const row of rows) {
        const record = String(row.rid);
        found.push({
          source,
          record,
          row,
          key: await recordKey(service, actor.org, { source: source.id, record }),
        });
      }
      return { stop, found };
    }
    return null;
  });
  if (seen === null)
    return refused('not-found', 'there is no such stop that waits for somebody to say whose it is');
  const reason = `to say whose ${event} is`;
  const written = await writeLookUp(service, actor, { reason, askedWith: ['letter'], found: seen.found });
  return written.kind === 'refused' ? written : done({ stop: seen.stop, found: written.value });
}
