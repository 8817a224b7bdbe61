/** What a member sees of their own: who has their details and why, what they were told, what is held, and what they said. */
import { z } from 'zod';
import { peopleOptions } from '../flow/people-options.ts';
import { type ReadSources, readSources } from '../flow/read-sources.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { suppressed, suppressionKey } from '../gate/suppression-key.ts';
import { agreedWording } from './agreed-wording.ts';
import { earlierNotices } from './earlier-notices.ts';
import { fieldsHeld, heldView } from './fields-held.ts';
import { answersOf, answersView } from './list-answers.ts';
import { ownPersonIn, type PersonRecord } from './own-person.ts';
import { ownSaid } from './own-said.ts';
import { type RecordRead, readRecord } from './read-record.ts';
import { releasesWith, releasesWithView } from './releases-with.ts';
import { isSafe } from './safe-contact.ts';
import { saidOf, saidView } from './said-of.ts';
import { stopsSaid } from './stops-said.ts';
import { toldTo } from './told-to.ts';
import { toldView } from './told-view.ts';

export const detailsParts = ['releases', 'told', 'held', 'said', 'provable'] as const;
/** Of the latest releases so many are offered a proof for; the others by their ids. */
export const mostProvable = 100;
export const showDetailsInput = z.strictObject({
  /** One part alone; left out, all of them. */
  part: z.enum(detailsParts).optional(),
});
export const detailsView = z
  .object({
    /** No name of theirs is shown. */
    safe: z.boolean(),
    /** More people than one, by their names, have this e-mail address. */
    shared: z.boolean(),
    records: z.array(
      z.object({
        /** By which pages know it; never its id. */
        number: z.number().int(),
        source: z.string(),
        record: z.string(),
        name: z.string().nullable(),
      }),
    ),
    releases: releasesWithView.optional(),
    /** With the releases: their stops that stand, and whom of those who got the lists what they said was passed on to. */
    stops: saidView.shape.items.optional(),
    passedOn: answersView.shape.items.optional(),
    told: toldView.optional(),
    held: heldView.optional(),
    said: saidView.optional(),
    /** The latest releases of their sources, whether or not they are in them, with the records a proof can be had for. */
    provable: z
      .array(
        z.object({
          release: z.string(),
          /** As its request names it today; null where that is not there any more. */
          title: z.string().nullable(),
          releasedAt: z.iso.datetime(),
          records: z.array(z.number().int()),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Details' });
export type Details = z.output<typeof detailsView>;

export async function showDetails(
  service: Service,
  actor: Actor,
  { part }: z.output<typeof showDetailsInput>,
): Promise<Answer<Details>> {
  if (actor.kind !== 'member') return refused('not-found', 'only a member has records of their own');
  const { org, email } = actor;
  return readSources(service, org, async (read) => {
    const person = await ownPersonIn(service, org, read, email);
    const records = await recordsRead(read, person);
    const safe = await isAnySafe(service, org, read, person);
    const own =
      part === undefined || part === 'releases' ? await ownSaid(service, org, read.workspace, records) : null;
    const said =
      part === undefined || part === 'said' || part === 'releases'
        ? await saidOf(
            read.workspace,
            records,
            await agreedWording(service, org, read.workspace),
            peopleOptions(service, org),
          )
        : null;
    const asked = (each: (typeof detailsParts)[number]): boolean => part === undefined || part === each;
    return done({
      safe,
      shared: new Set(person.map(({ name }) => name)).size > 1,
      records: person.map(({ source, record }, i) => ({
        ...{ number: i + 1, source, record },
        name: safe ? null : nameOf(records.find(({ number }) => number === i + 1)),
      })),
      ...(own !== null && said !== null
        ? {
            releases: await releasesWith(service, org, read, person),
            passedOn: await answersOf(service, org, person, own),
            stops: [...stopsSaid(said, own)],
          }
        : {}),
      ...(asked('told') ? { told: toldTo(read.workspace, records, await earlierNotices(service, org)) } : {}),
      ...(asked('held') ? { held: fieldsHeld(read.workspace, records, safe) } : {}),
      ...(asked('provable') ? { provable: await provableOf(service, org, read, person) } : {}),
      ...(asked('said') && said !== null ? { said } : {}),
    });
  });
}

async function recordsRead(
  read: ReadSources,
  person: readonly PersonRecord[],
): Promise<readonly RecordRead[]> {
  const records: RecordRead[] = [];
  for (const [i, own] of person.entries()) {
    const found = await readRecord(read, own, i + 1);
    if (found !== null) records.push(found);
  }
  return records;
}

async function isAnySafe(
  { state }: Service,
  org: string,
  { workspace }: ReadSources,
  person: readonly PersonRecord[],
): Promise<boolean> {
  for (const { source, record } of person) {
    const key = suppressed(await suppressionKey(workspace.root, source), record);
    if (await state.as(org, (tx) => isSafe(tx, org, source, key))) return true;
  }
  return false;
}

/** As it is written in the record; null where it holds none. */
function nameOf(read: RecordRead | undefined): string | null {
  if (read === undefined) return null;
  const { from, row } = read;
  const parts = [from.roles.forename, from.roles.surname].map((name) => row[`f_${name}`]);
  const written = parts.filter((part) => typeof part === 'string' && part.trim() !== '');
  return written.length === 0 ? null : written.join(' ');
}

async function provableOf(
  { state }: Service,
  org: string,
  { workspace }: ReadSources,
  person: readonly PersonRecord[],
): Promise<NonNullable<Details['provable']>> {
  if (person.length === 0) return [];
  const rows = await state.as(org, (tx) =>
    tx
      .selectFrom('release')
      .innerJoin('request', (join) =>
        join.onRef('request.org', '=', 'release.org').onRef('request.id', '=', 'release.request'),
      )
      .select(['release.id as release', 'release.released_at', 'request.id as request', 'request.source'])
      .where('release.org', '=', org)
      .where('request.source', 'in', [...new Set(person.map(({ source }) => source))])
      .orderBy('release.released_at', 'desc')
      .orderBy('release.id', 'desc')
      .limit(mostProvable)
      .execute(),
  );
  const titles = new Map(workspace.requests.map(({ id, title }) => [id, title]));
  return rows.map(({ release, request, released_at, source }) => ({
    ...{ release, title: titles.get(request) ?? null, releasedAt: released_at.toISOString() },
    records: person.flatMap((each, i) => (each.source === source ? [i + 1] : [])),
  }));
}
