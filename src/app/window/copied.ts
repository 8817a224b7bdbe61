/** What a copy holds: the very values that are held, where they came from, what was told, who got them, what was said. */
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { ReadSources } from '../flow/read-sources.ts';
import type { Service } from '../flow/service.ts';
import { suppressed, suppressionKey } from '../gate/suppression-key.ts';
import type { PreferOptions } from '../people/prefer.ts';
import { agreedWording } from './agreed-wording.ts';
import { caseView, saidInCase, saidOfCase, viewOfCase } from './case-row.ts';
import { earlierNotices } from './earlier-notices.ts';
import { fieldsHeld, heldView } from './fields-held.ts';
import { answersOf, answersView } from './list-answers.ts';
import { namedField, namedFieldView } from './named-field.ts';
import type { PersonRecord } from './own-person.ts';
import { ownSaid } from './own-said.ts';
import { readRecord } from './read-record.ts';
import { releasesWith, releasesWithView } from './releases-with.ts';
import { isSafe } from './safe-contact.ts';
import { saidOf, saidView } from './said-of.ts';
import { toldTo } from './told-to.ts';
import { toldView } from './told-view.ts';

export const copiedView = z.object({
  format: z.literal('astold/copy/1'),
  organisation: z.string(),
  made: z.iso.datetime(),
  records: z.array(z.object({ number: z.number().int(), source: z.string(), record: z.string() })),
  /** No post, no mail, no name on a screen. */
  safeContact: z.boolean(),
  held: heldView,
  told: toldView,
  releases: releasesWithView,
  said: saidView,
  /** Whom it was passed on to, and what each says that it did. */
  passedOn: answersView.shape.items,
  requests: z.array(
    caseView.extend({
      /** `detail`: what its field is to them; null of no correction, and of a source that is not there any more. */
      said: saidInCase.extend({ detail: namedFieldView.nullable() }),
      replyTo: z.string().nullable(),
      answer: z.string().nullable(),
      steps: z.array(z.object({ deed: z.string(), at: z.iso.datetime(), words: z.string().nullable() })),
    }),
  ),
  /** When staff looked them up, and why; null where others were found as well, of whom the reason may be, and nobody looked closer. */
  lookUps: z.array(z.object({ at: z.iso.datetime(), reason: z.string().nullable() })),
});
export type Copied = z.output<typeof copiedView>;

type Key = { readonly source: string; readonly key: string };

export async function copyOf(
  service: Service,
  org: string,
  read: ReadSources,
  person: readonly PersonRecord[],
  options: PreferOptions,
): Promise<Copied> {
  const { workspace } = read;
  const records = [];
  const keys: Key[] = [];
  for (const [i, own] of person.entries()) {
    const found = await readRecord(read, own, i + 1);
    if (found !== null) records.push(found);
    const { source, record } = own;
    keys.push({ source, key: suppressed(await suppressionKey(workspace.root, source), record) });
  }
  const own = await ownSaid(service, org, workspace, records);
  const kept = await service.state.as(org, (tx) => keptOf(tx, service, org, workspace, keys));
  return {
    format: 'astold/copy/1',
    made: service.now().toISOString(),
    records: records.map(({ number, source, record }) => ({ number, source, record })),
    held: fieldsHeld(workspace, records, false),
    told: toldTo(workspace, records, await earlierNotices(service, org)),
    releases: await releasesWith(service, org, read, person),
    said: await saidOf(workspace, records, await agreedWording(service, org, workspace), options),
    passedOn: await answersOf(service, org, person, own),
    ...kept,
  };
}

/** What stands of them in the state. */
async function keptOf(
  tx: Tx,
  service: Service,
  org: string,
  workspace: ReadSources['workspace'],
  keys: readonly Key[],
): Promise<Pick<Copied, 'organisation' | 'safeContact' | 'requests' | 'lookUps'>> {
  const { name } = await tx
    .selectFrom('organisation')
    .select('name')
    .where('org', '=', org)
    .executeTakeFirstOrThrow();
  const requests: Copied['requests'] = [];
  const lookUps = new Map<string, Copied['lookUps'][number]>();
  let safeContact = false;
  for (const { source, key } of keys) {
    safeContact ||= await isSafe(tx, org, source, key);
    requests.push(...(await requestsOf(tx, service, org, workspace, { source, key })));
    for (const { id, at, reason, found, opened } of await lookUpsOf(tx, org, { source, key })) {
      const known = found === 1 || opened ? reason : null;
      lookUps.set(id, { at: at.toISOString(), reason: known ?? lookUps.get(id)?.reason ?? null });
    }
  }
  return { organisation: name, safeContact, requests, lookUps: [...lookUps.values()] };
}

async function requestsOf(
  tx: Tx,
  service: Service,
  org: string,
  { sources }: ReadSources['workspace'],
  { source, key }: Key,
): Promise<Copied['requests']> {
  const from = sources.find(({ id }) => id === source);
  const rows = await tx
    .selectFrom('member_case')
    .selectAll()
    .where('org', '=', org)
    .where('source', '=', source)
    .where('record_key', '=', key)
    .orderBy('number')
    .execute();
  const requests: Copied['requests'] = [];
  for (const row of rows) {
    const said = saidOfCase(row);
    const detail = from === undefined || said.field === null ? null : namedField(from, said.field);
    const steps = await tx
      .selectFrom('member_case_step')
      .select(['deed', 'at', 'words'])
      .where('org', '=', org)
      .where('member_case', '=', row.id)
      .orderBy('seq')
      .execute();
    requests.push({
      ...viewOfCase(row, dayOf(service.now().getTime())),
      ...{ said: { ...said, detail }, replyTo: row.reply_to, answer: row.answer },
      steps: steps.map(({ deed, at, words }) => ({ deed, at: at.toISOString(), words })),
    });
  }
  return requests;
}

const lookUpsOf = (tx: Tx, org: string, { source, key }: Key) =>
  tx
    .selectFrom('look_up')
    .innerJoin('look_up_record', (join) =>
      join.onRef('look_up_record.look_up', '=', 'look_up.id').onRef('look_up_record.org', '=', 'look_up.org'),
    )
    .select(['look_up.id', 'look_up.at', 'look_up.reason', 'look_up.found', 'look_up_record.opened'])
    .where('look_up.org', '=', org)
    .where('look_up_record.source', '=', source)
    .where('look_up_record.record_key', '=', key)
    .orderBy('look_up.at')
    .limit(1000)
    .execute();
