/**
 * A person says whose a stop is that names no record, or that it is nobody's here, and how they know (C4). One person is enough:
 * it lifts nothing that is surely anybody's, and whoever keyed the letter has it in their hand. It is a deed, it is in the log,
 * and the words say how they knew; a stop that was wrongly taken for nobody's is keyed again for whose it is.
 */
import { z } from 'zod';
import { VaultError } from '../../bulk/vault.ts';
import { transactionOf } from '../../store/postgres/transaction-of.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { queueWebhook } from '../flow/queue-webhook.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import { holding } from '../flow/record-preference.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from '../flow/service.ts';
import { wordsGiven } from '../flow/words-given.ts';
import { GateError } from '../gate/context.ts';
import { type Resolved, resolve } from '../people/resolve.ts';

export const resolveEventInput = z.strictObject({
  event: z.string().max(100),
  source: z.string().max(80),
  /** The ids of the records it is of; none: nobody's here. */
  records: z.array(z.string().min(1).max(200)).max(20),
  words: wordsGiven,
});
export const resolvedView = z
  .object({
    /** Of the resolution. */
    event: z.string(),
    entry: z.number().int(),
    /** The same stop, recorded for each record: its receipt is at its event. */
    stops: z.array(z.object({ event: z.string(), entry: z.number().int() })),
  })
  .meta({ id: 'Resolved' });

/** Refuses `not-found`, `already-done`, `preference-refused`. */
export async function resolveEvent(
  service: Service,
  actor: Actor,
  { event, source, records, words }: z.output<typeof resolveEventInput>,
): Promise<Answer<z.output<typeof resolvedView>>> {
  const { org } = actor;
  const workspace = await readWorkspace(service, org);
  const options = peopleOptions(service, org);
  const given = { source, event, records, by: 'web', signed: null, received: null };
  try {
    const resolved = await resolve(workspace, given, {
      ...options,
      async alongside(tx, { resolution, stops }) {
        const state = transactionOf(tx);
        const at = service.now();
        await state
          .insertInto('resolution')
          .values({
            ...{ org, event: resolution.event.event, source, stop: event, words, at },
            ...{ record_keys: stops.map(({ key }) => key), by_whom: `${actor.kind}:${actor.id}` },
          })
          .execute();
        const parties = stops.length === 0 ? [] : await holding(state, org);
        for (const { index } of stops)
          await queueWebhook(
            state,
            org,
            { event: 'stop.recorded', parties, data: { entry: index.toString() } },
            at,
          );
      },
    });
    if (resolved.kind === 'refused') return refusalOf(resolved);
    return done({
      ...{ event: resolved.event, entry: Number(resolved.index) },
      stops: resolved.stops.map(({ event: made, index }) => ({ event: made.event, entry: Number(index) })),
    });
  } catch (error) {
    const unknown = error instanceof GateError && error.code === 'source-unknown';
    if (unknown) return refused('not-found', 'there is no such source');
    if (error instanceof VaultError && ['record-unknown', 'secrets-destroyed'].includes(error.code))
      return refused('preference-refused', error.message);
    throw error;
  }
}

function refusalOf({ code, message }: Extract<Resolved, { kind: 'refused' }>): Refused {
  if (code === 'already-resolved') return refused('already-done', 'somebody has said before whose it is');
  return code === 'lifts-unknown'
    ? refused('not-found', 'there is no such stop that waits for somebody to say whose it is')
    : refused('preference-refused', message);
}
