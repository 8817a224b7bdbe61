/** Whether "we hold nothing on you" may be said: of stops that named no record, once a person has said that they are of nobody here. */
import type { Tx } from '../../store/postgres/state.ts';
import { readSources } from '../flow/read-sources.ts';
import { type Refused, refused, type Service } from '../flow/service.ts';
import { stopsOfNobody } from './list-unresolved.ts';
import { countMatches } from './match-records.ts';

type Resolution = { readonly stop: string; readonly record_keys: readonly string[] };

export async function resolutionsOf(
  tx: Tx,
  org: string,
  stops: readonly string[],
): Promise<readonly Resolution[]> {
  if (stops.length === 0) return [];
  return tx
    .selectFrom('resolution')
    .select(['stop', 'record_keys'])
    .where('org', '=', org)
    .where('stop', 'in', [...stops])
    .execute();
}

/** Null where nobody of the records is meant. Refuses `wrong-state`. Opens the engine. */
export async function mayBeHeld(
  service: Service,
  org: string,
  stops: readonly string[],
): Promise<Refused | null> {
  const said = await service.state.as(org, (tx) => resolutionsOf(tx, org, stops));
  if (said.some(({ record_keys }) => record_keys.length > 0)) return isSomebody;
  const open = stops.filter((event) => !said.some(({ stop }) => stop === event));
  if (open.length > 0) return refused('wrong-state', 'first say whose its stop is, or that it is nobody’s');
  return (await matchSurely(service, org, new Set(stops))) ? isSomebody : null;
}

const isSomebody = refused(
  'wrong-state',
  'it is of somebody in your records: find them, open the request for them, and end this one with that',
);

/** What a source took in since, or what nobody looked at: a sure match holds whatever was said. */
async function matchSurely(service: Service, org: string, stops: ReadonlySet<string>): Promise<boolean> {
  return readSources(service, org, async ({ workspace, engine, dirOf }) => {
    for (const source of workspace.sources) {
      const letters = (await stopsOfNobody(service, org, source.id)).flatMap(
        ({ stop: { event, details } }) => (stops.has(event) ? [{ event, details }] : []),
      );
      if (letters.length === 0) continue;
      const counts = await countMatches({ engine, source, dir: await dirOf(source) }, letters);
      if ([...counts.values()].some(({ sure }) => sure > 0)) return true;
    }
    return false;
  });
}
