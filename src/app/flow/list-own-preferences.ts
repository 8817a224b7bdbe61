/** What is recorded of a member's own records, in the order of the log. */
import { z } from 'zod';
import { recordedOf } from '../people/recorded-of.ts';
import { ownRecords } from './own-records.ts';
import { peopleOptions } from './people-options.ts';
import { readWorkspace } from './read-workspace.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const listOwnPreferencesInput = z.strictObject({});
export const ownPreferencesView = z
  .object({
    records: z.array(z.object({ source: z.string(), record: z.string() })),
    items: z.array(
      z.object({
        event: z.string(),
        source: z.string(),
        record: z.string(),
        entry: z.number().int(),
        /** Null: it was erased. */
        said: z
          .object({
            kind: z.string(),
            purpose: z.string(),
            organisation: z.string(),
            channel: z.string(),
            field: z.string(),
            received: z.string(),
            logged: z.string(),
            by: z.string(),
          })
          .nullable(),
      }),
    ),
  })
  .meta({ id: 'OwnPreferences' });
type View = z.output<typeof ownPreferencesView>;

export async function listOwnPreferences(
  service: Service,
  actor: Actor,
  _: z.output<typeof listOwnPreferencesInput>,
): Promise<Answer<View>> {
  if (actor.kind !== 'member') return refused('not-found', 'only a member has records of their own');
  const records = await ownRecords(service, actor.org, actor.email);
  const items: View['items'] = [];
  for (const own of records) items.push(...(await itemsOf(service, actor.org, own)));
  return done({ records: [...records], items: items.sort((a, b) => a.entry - b.entry) });
}

export async function itemsOf(
  service: Service,
  org: string,
  { source, record }: { readonly source: string; readonly record: string },
): Promise<View['items']> {
  const workspace = await readWorkspace(service, org);
  const { events } = await recordedOf(workspace, source, record, peopleOptions(service, org));
  return events.map(({ event, index, said }) => ({
    ...{ event, source, record, entry: Number(index) },
    said:
      said === null
        ? null
        : {
            ...{ kind: said.type, purpose: said.scope.purpose, organisation: said.scope.organisation },
            ...{ channel: said.scope.contactChannel, field: said.scope.field },
            ...{ received: said.received, logged: said.logged, by: said.receivedBy },
          },
  }));
}
