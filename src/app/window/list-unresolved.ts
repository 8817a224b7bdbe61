/**
 * Stops that name no record, match none surely, and wait for a person to say whose they are (C4). Until then each holds back
 * everybody it may plausibly be of. Those received first come first; a month is our own limit, as for what people ask for.
 */
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import { isStop, preferenceTypes, receivedBy } from '../../policy/preference-event.ts';
import { timeOf } from '../../policy/times.ts';
import { preferencesIn, preparePreferences, type StoredPreference } from '../../store/preferences.ts';
import { type Page, pageInput, pageOf, pageView, partsOf } from '../flow/cursor.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { readSources } from '../flow/read-sources.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { dueOn } from './clocks.ts';
import { countMatches } from './match-records.ts';

export const listUnresolvedInput = pageInput;
export const unresolvedView = z
  .object({
    event: z.string(),
    source: z.string(),
    kind: z.enum(preferenceTypes),
    by: z.enum(receivedBy),
    /** As it was keyed: a date, or a time. */
    received: z.string(),
    due: z.iso.date(),
    overdue: z.boolean(),
    /** Records that it may be of, and holds back. */
    plausible: z.number().int(),
  })
  .meta({ id: 'UnresolvedStop' });
export type Unresolved = z.output<typeof unresolvedView>;
export const unresolvedsView = pageView(unresolvedView);

export async function listUnresolved(
  service: Service,
  actor: Actor,
  { cursor, limit }: z.output<typeof listUnresolvedInput>,
): Promise<Answer<Page<Unresolved>>> {
  const after = cursor === undefined ? null : partsOf(cursor, 2);
  if (cursor !== undefined && after === null)
    return refused('input-invalid', 'the cursor is none of this list');
  const all = await unresolvedOf(service, actor.org);
  const placed = ({ due, event }: Unresolved): readonly [string, string] => [due, event];
  const later = all
    .filter((item) => after === null || compare(placed(item), [after[0] ?? '', after[1] ?? '']) > 0)
    .sort((a, b) => compare(placed(a), placed(b)));
  return done(pageOf(later.slice(0, limit + 1), limit, placed));
}

const compare = ([a, b]: readonly [string, string], [c, d]: readonly [string, string]): number =>
  a === c ? (b < d ? -1 : b > d ? 1 : 0) : a < c ? -1 : 1;

async function unresolvedOf(service: Service, org: string): Promise<readonly Unresolved[]> {
  const open = new Map<string, readonly OpenStop[]>();
  for (const { id } of (await readWorkspace(service, org)).sources) {
    const stops = await openStops(service, org, id);
    if (stops.length > 0) open.set(id, stops);
  }
  if (open.size === 0) return [];
  const today = dayOf(service.now().getTime());
  return readSources(service, org, async ({ workspace, engine, dirOf }) => {
    const found: Unresolved[] = [];
    for (const source of workspace.sources) {
      const stops = open.get(source.id);
      if (stops === undefined) continue;
      const letters = stops.map(({ event, details }) => ({ event, details }));
      const counts = await countMatches({ engine, source, dir: await dirOf(source) }, letters);
      for (const { event, type: kind, receivedBy: by, received } of stops) {
        const { sure, plausible } = counts.get(event) ?? { sure: 0, plausible: 0 };
        if (sure > 0) continue;
        const due = dueOn({ kind: 'access', receivedOn: dayIn(received), extended: false, stood: 0 });
        found.push({
          ...{ event, source: source.id, kind, by, received, due },
          overdue: due < today,
          plausible,
        });
      }
    }
    return found;
  });
}

/** The day in London, of a date or a time with its offset. */
const dayIn = (received: string): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(received) ? received : dayOf(timeOf(received)?.latest ?? 0);

export type OpenStop = StoredPreference & {
  readonly details: NonNullable<StoredPreference['who']>['details'];
};

/** Those of them that wait. */
export async function openStops(service: Service, org: string, source: string): Promise<readonly OpenStop[]> {
  const all = await stopsOfNobody(service, org, source);
  return all.flatMap(({ stop, resolved }) => (resolved ? [] : [stop]));
}

export type StopOfNobody = { readonly stop: OpenStop; readonly resolved: boolean };

/** The stops that name no record, in the order of the log. */
export async function stopsOfNobody(
  service: Service,
  org: string,
  source: string,
): Promise<readonly StopOfNobody[]> {
  const ledger = await peopleOptions(service, org).ledger.open({ waitMs: 30_000 });
  try {
    await preparePreferences(ledger);
    return await ledger.read(async (view) => {
      const preferences = preferencesIn(view);
      const resolved = await preferences.resolved(source);
      return (await preferences.withoutRecord(source)).flatMap((each) =>
        each.who === null || !isStop(each.type)
          ? []
          : [{ stop: { ...each, details: each.who.details }, resolved: resolved.has(each.event) }],
      );
    });
  } finally {
    await ledger.close();
  }
}
