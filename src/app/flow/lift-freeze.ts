/** Lifts a freeze. What an officer froze an officer lifts, and what an auditor froze an auditor: neither overrules the other. */
import { z } from 'zod';
import { digestOf } from '../../documents/digest.ts';
import { type FreezeView, met, powersOf, viewOfFreeze } from './freeze.ts';
import { logged } from './logged.ts';
import { queueWebhook } from './queue-webhook.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { wordsGiven } from './words-given.ts';

export const liftFreezeInput = z.strictObject({ freeze: z.string().min(1).max(100), words: wordsGiven });

export async function liftFreeze(
  service: Service,
  actor: Actor,
  { freeze, words }: z.output<typeof liftFreezeInput>,
): Promise<Answer<FreezeView>> {
  const powers = powersOf(actor);
  const now = service.now();
  return service.state.as(actor.org, async (tx) => {
    const row = await tx
      .selectFrom('freeze')
      .selectAll()
      .where('org', '=', actor.org)
      .where('id', '=', freeze)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return refused('not-found', 'there is no such freeze');
    if (row.lifted_at !== null) return refused('already-done', 'this freeze is lifted already');
    if (!powers.has(row.frozen_as))
      return refused(
        'not-allowed',
        `${row.frozen_as === 'auditor' ? 'an auditor' : 'an officer'} froze it: only one lifts it`,
      );
    const { org, id, kind } = row;
    const parties = await met(tx, row);
    await queueWebhook(tx, org, { event: 'freeze.lifted', data: { freeze: id, kind }, parties }, now);
    const said = { freeze: id, lifted: true };
    const digest = digestOf({ ...said, why: words });
    const content = { kind: 'freeze' as const, at: now.toISOString(), digest, ...said };
    const [lift_index = null] = await logged(service, tx, org, [content]);
    const lifted = { lifted_by: actor.id, lifted_at: now, lift_words: words, lift_index };
    await tx.updateTable('freeze').set(lifted).where('org', '=', org).where('id', '=', id).execute();
    return done(viewOfFreeze({ ...row, ...lifted }, null));
  });
}
