/** One of the people that a look-up found, for an hour and for who looked: what they have said, and whether they may be written to. */
import { join } from 'node:path';
import { z } from 'zod';
import type { Row } from '../../bulk/engine.ts';
import type { Source } from '../../policy/model.ts';
import { itemsOf } from '../flow/list-own-preferences.ts';
import type { OwnRecord } from '../flow/own-records.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { readSources } from '../flow/read-sources.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { rootOf } from '../flow/workspace-of.ts';
import { suppressionKey } from '../gate/suppression-key.ts';
import { agreedWording } from './agreed-wording.ts';
import { caseView } from './case-row.ts';
import { casesOfRecord } from './list-cases.ts';
import { type PersonRow, personView, viewOfPerson } from './person-shown.ts';
import { readRecord } from './read-record.ts';
import { isSafe } from './safe-contact.ts';
import { saidOf, saidView } from './said-of.ts';
import { type StandingStop, standingAt } from './standing.ts';
import { lookUpMs } from './write-look-up.ts';

/** A look-up shows far fewer. */
export const personFoundInput = z.strictObject({
  lookUp: z.string().max(100),
  number: z.int().min(1).max(1000),
});
export const personFoundView = z.object({
  person: personView,
  /** What they see of it themselves, the latest first. */
  said: saidView.shape.items,
  /** Of what was erased, the events alone. */
  erased: z.array(z.string()),
  /** What they asked for. */
  asked: z.array(caseView),
});
export type PersonFound = z.output<typeof personFoundView>;
type Numbered = z.output<typeof personFoundInput>;

/** Refuses `not-found` for what another looked up, `link-expired` after an hour. */
export async function personFound(
  service: Service,
  actor: Actor,
  input: Numbered,
): Promise<Answer<PersonFound>> {
  const found = await foundBefore(service, actor, input);
  if (found.kind === 'refused') return found;
  const { source, key } = found.value;
  const own = { source: source.id, record: found.value.record };
  const erased = (await itemsOf(service, actor.org, own)).filter(({ said }) => said === null);
  const asked = await casesOfRecord(service, actor.org, { source: source.id, key });
  return done({
    person: await personOf(service, actor.org, found.value, input.number),
    said: await saidAt(service, actor.org, own),
    erased: erased.map(({ event }) => event),
    asked: [...asked],
  });
}

export type PersonStanding = {
  readonly person: z.output<typeof personView>;
  /** As the gate reads them: recorded here, or of a file that came with the records. */
  readonly stops: readonly StandingStop[];
};

/**
 * The same person, and where `stops` are asked for those of theirs that stand, for which the source is read. Refuses as
 * `personFound`.
 */
export async function personStanding(
  service: Service,
  actor: Actor,
  { stops: asked, ...input }: Numbered & { readonly stops: boolean },
): Promise<Answer<PersonStanding>> {
  const found = await foundBefore(service, actor, input);
  if (found.kind === 'refused') return found;
  const { source, record, key } = found.value;
  const own = { source: source.id, record, key };
  const stops = asked ? (await standingAt(service, actor.org, own)).stops : [];
  return done({ person: await personOf(service, actor.org, found.value, input.number), stops });
}

async function personOf(
  service: Service,
  org: string,
  found: PersonRow,
  number: number,
): Promise<PersonStanding['person']> {
  const safe = await service.state.as(org, (tx) => isSafe(tx, org, found.source.id, found.key));
  return viewOfPerson(found, number, safe);
}

const saidAt = (service: Service, org: string, own: OwnRecord): Promise<PersonFound['said']> =>
  readSources(service, org, async (read) => {
    const found = await readRecord(read, own, 1);
    if (found === null) return [];
    const wordingOf = await agreedWording(service, org, read.workspace);
    return (await saidOf(read.workspace, [found], wordingOf, peopleOptions(service, org))).items;
  });

/** The record behind a number, read anew: it may be gone by now. That it was opened is written down. */
export async function foundBefore(
  service: Service,
  actor: Actor,
  { lookUp, number }: Numbered,
): Promise<Answer<PersonRow>> {
  const { org } = actor;
  const gone = refused('not-found', 'you have found nobody under that number; look for them again');
  const row = await service.state.as(org, (tx) =>
    tx
      .selectFrom('look_up_record')
      .innerJoin('look_up', (on) =>
        on.onRef('look_up.org', '=', 'look_up_record.org').onRef('look_up.id', '=', 'look_up_record.look_up'),
      )
      .select(['look_up_record.source', 'look_up_record.record_key', 'look_up.at', 'look_up.by_whom'])
      .where('look_up_record.org', '=', org)
      .where('look_up_record.look_up', '=', lookUp)
      .where('look_up_record.number', '=', number)
      .executeTakeFirst(),
  );
  if (row === undefined || row.by_whom !== `${actor.kind}:${actor.id}`) return gone;
  if (service.now().getTime() - row.at.getTime() > lookUpMs)
    return refused('link-expired', 'what was found is kept for an hour; look for them again');
  const found = await recordOfKey(service, org, row.source, row.record_key);
  if (found === null) return gone;
  await service.state.as(org, (tx) =>
    tx
      .updateTable('look_up_record')
      .set({ opened: true })
      .where('org', '=', org)
      .where('look_up', '=', lookUp)
      .where('number', '=', number)
      .execute(),
  );
  return done(found);
}

async function recordOfKey(
  service: Service,
  org: string,
  sourceId: string,
  key: string,
): Promise<PersonRow | null> {
  const suppression = await suppressionKey(rootOf(service, org), sourceId);
  return readSources(service, org, async ({ workspace, engine, dirOf }) => {
    const source: Source | undefined = workspace.sources.find(({ id }) => id === sourceId);
    if (source === undefined) return null;
    const { dialect } = engine;
    const records = dialect.parquet(join(await dirOf(source), 'records.parquet'));
    const [row]: readonly Row[] = await engine.rows(
      `SELECT r.* FROM ${records} r WHERE ${dialect.keyedHash(suppression, 'r.rid')} = ${dialect.literal(key)} LIMIT 1`,
    );
    return row === undefined ? null : { source, record: String(row.rid), key, row };
  });
}
