/** Ends an agreement before its time: its requests stop, and whoever holds data under it is to delete them. */
import { z } from 'zod';
import { parseAgreement } from '../../documents/agreement.ts';
import { digestOf } from '../../documents/digest.ts';
import { dayOf } from '../../policy/dates.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { changeState } from './change-request.ts';
import { currentTexts } from './current-text.ts';
import { holdAgreement } from './ended-agreement.ts';
import { logged } from './logged.ts';
import { openDeletion } from './open-duties.ts';
import { queueWebhook } from './queue-webhook.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { wordsGiven } from './words-given.ts';

export const terminateAgreementInput = z.strictObject({
  agreement: z.string().min(1).max(100),
  words: wordsGiven,
});
type Input = z.output<typeof terminateAgreementInput>;

export const agreementEndView = z
  .object({
    agreement: z.string(),
    ended: z.iso.datetime(),
    words: z.string(),
    /** The requests that it stopped. */
    requests: z.array(z.string()),
    /** The duties to delete that it opened. */
    duties: z.array(z.string()),
    /** Of its entry in the log. */
    entry: z.number().int(),
  })
  .meta({ id: 'AgreementEnd' });
export type AgreementEnd = z.output<typeof agreementEndView>;

export async function terminateAgreement(
  service: Service,
  actor: Actor,
  { agreement, words }: Input,
): Promise<Answer<AgreementEnd>> {
  if (actor.kind !== 'staff') return refused('not-allowed', 'agreements are ended by people, not by keys');
  const { org, id: by } = actor;
  const now = service.now();
  return service.state.as(org, async (tx) => {
    const known = await agreementParties(tx, org, agreement);
    if (known === null) return refused('not-found', 'there is no such agreement');
    const ended = await tx
      .insertInto('agreement_end')
      .values({ org, agreement, ended_by: by, ended_at: now, words })
      .onConflict((conflict) => conflict.columns(['org', 'agreement']).doNothing())
      .returning('agreement')
      .executeTakeFirst();
    if (ended === undefined) return refused('already-done', 'this agreement was ended already');
    // The log first: a release under way then stands before this, and is seen, or comes after it, and is refused.
    const said = { agreement, ended: dayOf(now.getTime()) };
    const content = {
      kind: 'agreement-signed' as const,
      at: now.toISOString(),
      digest: digestOf(said),
      ...said,
    };
    const [entry] = await logged(service, tx, org, [content]);
    await holdAgreement(tx, org, agreement);
    const requests = await stopRequests(tx, { org, agreement, by, words, now });
    const duties = await openDeletions(tx, { org, agreement, now });
    await queueWebhook(tx, org, { event: 'agreement.ended', data: { agreement }, parties: known }, now);
    return done({
      ...{ agreement, ended: now.toISOString(), words },
      requests,
      duties,
      entry: Number(entry),
    });
  });
}

/** Null where no document is that agreement. */
async function agreementParties(tx: Tx, org: string, id: string): Promise<readonly string[] | null> {
  for (const { path, text } of await currentTexts(tx, org, 'agreements/')) {
    const { agreement } = parseAgreement(path, text);
    if (agreement?.id === id) return agreement.parties.map((party) => party.organisation);
  }
  return null;
}

async function stopRequests(
  tx: Tx,
  given: {
    readonly org: string;
    readonly agreement: string;
    readonly by: string;
    readonly words: string;
    readonly now: Date;
  },
): Promise<string[]> {
  const { org, agreement } = given;
  const running = await tx
    .selectFrom('request')
    .select('id')
    .where('org', '=', org)
    .where('agreement', '=', agreement)
    .where('state', 'not in', ['FINALIZED', 'TERMINATED'])
    .orderBy('id')
    .execute();
  const stopped: string[] = [];
  for (const { id } of running) {
    const answer = await changeState(tx, { ...given, request: id, deed: 'terminated', version: null });
    if (answer.kind === 'done') stopped.push(id);
  }
  return stopped;
}

async function openDeletions(
  tx: Tx,
  { org, agreement, now }: { readonly org: string; readonly agreement: string; readonly now: Date },
): Promise<string[]> {
  const releases = await tx
    .selectFrom('release')
    .innerJoin('request', (join) =>
      join.onRef('request.org', '=', 'release.org').onRef('request.id', '=', 'release.request'),
    )
    .select('release.id')
    .where('release.org', '=', org)
    .where('request.agreement', '=', agreement)
    .orderBy('release.id')
    .execute();
  const opened: string[] = [];
  for (const { id } of releases) {
    const duties = await openDeletion(tx, org, { release: id, agreement, endedAt: now });
    opened.push(...duties.map((duty) => duty.id));
  }
  return opened;
}
