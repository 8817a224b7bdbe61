/** Who has answered what was passed on of a member's own records. */
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import { registerOf } from '../flow/register-of.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { passedOnOf } from './passed-on-of.ts';
import { type KeyedRecord, ownKeyed } from './record-key.ts';

export const listAnswersInput = z.strictObject({});
export const answersView = z
  .object({
    items: z.array(
      z.object({
        /** Which of their records it is of, by which pages know it. */
        number: z.number().int(),
        release: z.string(),
        party: z.string(),
        /** As the register has it. */
        name: z.string(),
        kind: z.enum(['stop', 'correction', 'restriction', 'erasure']),
        told: z.iso.datetime(),
        due: z.iso.date(),
        answer: z.enum(['done', 'not-held', 'refused']).nullable(),
        answered: z.iso.datetime().nullable(),
        words: z.string().nullable(),
        /** False: they say that they have deleted the whole list. */
        held: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'Answers' });
export type AnswersView = z.output<typeof answersView>;

export async function listAnswers(
  service: Service,
  actor: Actor,
  _: z.output<typeof listAnswersInput>,
): Promise<Answer<AnswersView>> {
  if (actor.kind !== 'member') return refused('not-found', 'only a member has records of their own');
  const { org } = actor;
  const own = await ownKeyed(service, actor);
  return service.state.as(org, async (tx) => done({ items: await answersOf(tx, org, own) }));
}

/** Of these records, as `recordKey` hashes them, numbered from 1 by their place; of each source the latest first. */
export async function answersOf(
  tx: Tx,
  org: string,
  records: readonly Pick<KeyedRecord, 'source' | 'key'>[],
): Promise<AnswersView['items']> {
  const { organisations } = await registerOf(tx, org);
  const items: AnswersView['items'] = [];
  for (const source of new Set(records.map((each) => each.source))) {
    const numbers = new Map(
      records.flatMap((each, i) => (each.source === source ? [[each.key, i + 1] as const] : [])),
    );
    for (const told of await passedOnOf(tx, org, source, [...numbers.keys()])) {
      const { recordKey, release, party, kind, toldAt, dueOn, answer, answeredAt, words, held } = told;
      const number = numbers.get(recordKey);
      if (number === undefined) continue;
      items.push({
        number,
        ...{ release, party, kind, due: dueOn, answer, words, held },
        name: organisations.get(party)?.legalName ?? party,
        told: toldAt.toISOString(),
        answered: answeredAt?.toISOString() ?? null,
      });
    }
  }
  return items;
}
