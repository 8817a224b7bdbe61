/** Stops releases and downloads: of everything, of what concerns a party, or of what concerns a purpose. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { digestOf } from '../../documents/digest.ts';
import { dayOf } from '../../policy/dates.ts';
import { organisationMeets } from '../../policy/promises.ts';
import { isPurpose } from '../../policy/vocab.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { type FreezeRow, gateFreeze } from './frozen.ts';
import { logged } from './logged.ts';
import { queueWebhook } from './queue-webhook.ts';
import { registerOf } from './register-of.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from './service.ts';
import { wordsGiven } from './words-given.ts';

export const freezeInput = z.strictObject({
  kind: z.enum(['everything', 'party', 'purpose']),
  /** Of a party its id in the register, of a purpose its term; of everything null. */
  subject: z.string().min(1).max(200).nullable(),
  words: wordsGiven,
});
type Input = z.output<typeof freezeInput>;

export const freezeView = z
  .object({
    freeze: z.string(),
    kind: z.enum(['everything', 'party', 'purpose']),
    subject: z.string().nullable(),
    /** Null, as whoever froze it, for a recipient that it is not about. */
    words: z.string().nullable(),
    /** Whose power it was, and may lift it. */
    frozenAs: z.enum(['officer', 'auditor']),
    frozenBy: z.string().nullable(),
    frozen: z.iso.datetime(),
    lifted: z.iso.datetime().nullable(),
    liftedBy: z.string().nullable(),
    /** Null as `words` is. */
    liftWords: z.string().nullable(),
    /** Of its entry in the log, and of that of its end. */
    entry: z.number().int().nullable(),
    liftEntry: z.number().int().nullable(),
  })
  .meta({ id: 'Freeze' });
export type FreezeView = z.output<typeof freezeView>;

/** It stands before this answers: every decision and download that begins later sees it. */
export async function freeze(service: Service, actor: Actor, input: Input): Promise<Answer<FreezeView>> {
  const power = powerOf(actor);
  if (power === null)
    return refused('not-allowed', 'only an officer, or an auditor with the power to, freezes');
  const now = service.now();
  return service.state.as(actor.org, async (tx) => {
    const fault = await wrongSubject(tx, actor.org, input);
    if (fault !== null) return fault;
    const row: FreezeRow = {
      ...{
        org: actor.org,
        id: randomUUID(),
        ...input,
        frozen_by: actor.id,
        frozen_as: power,
        frozen_at: now,
      },
      ...{ lifted_by: null, lifted_at: null, lift_words: null, log_index: null, lift_index: null },
    };
    return done(viewOfFreeze(await setFreeze(service, tx, row), null));
  });
}

/** Gives it with its place in the log. It holds the log until the transaction ends. Throws LedgerError. */
export async function setFreeze(service: Pick<Service, 'data'>, tx: Tx, row: FreezeRow): Promise<FreezeRow> {
  const { id, org, kind, frozen_at: at } = row;
  await tx.insertInto('freeze').values(row).execute();
  const parties = await met(tx, row);
  await queueWebhook(tx, org, { event: 'freeze.set', data: { freeze: id, kind }, parties }, at);
  const digest = digestOf(gateFreeze(row, dayOf(at.getTime())));
  const content = { kind: 'freeze' as const, at: at.toISOString(), digest, freeze: id, lifted: false };
  const [log_index = null] = await logged(service, tx, org, [content]);
  await tx.updateTable('freeze').set({ log_index }).where('org', '=', org).where('id', '=', id).execute();
  return { ...row, log_index };
}

type Power = FreezeRow['frozen_as'];

/** Somebody may have both: each lifts what was frozen by it. */
export function powersOf(actor: Actor): ReadonlySet<Power> {
  const powers = new Set<Power>();
  if (actor.kind === 'member') return powers;
  if (actor.mayFreeze && actor.roles.has('auditor')) powers.add('auditor');
  if (actor.roles.has('officer')) powers.add('officer');
  return powers;
}

/** Of both, the auditor's: what it froze, no officer lifts. */
function powerOf(actor: Actor): Power | null {
  const powers = powersOf(actor);
  return (['auditor', 'officer'] as const).find((power) => powers.has(power)) ?? null;
}

/** Whom a freeze is news to: of a party its group as well, and everybody once the register does not know it. */
export async function met(
  tx: Tx,
  { org, kind, subject }: Pick<FreezeRow, 'org' | 'kind' | 'subject'>,
): Promise<'all' | readonly string[]> {
  if (kind !== 'party' || subject === null) return 'all';
  const { organisations } = await registerOf(tx, org);
  if (!organisations.has(subject)) return 'all';
  return [...organisations.keys()].filter((id) => organisationMeets(subject, [id], organisations));
}

/** A freeze of something nobody knows would be one of everything, or of nothing. */
async function wrongSubject(tx: Tx, org: string, { kind, subject }: Input): Promise<Refused | null> {
  switch (kind) {
    case 'everything':
      return subject === null ? null : refused('input-invalid', 'a freeze of everything has no subject');
    case 'purpose':
      return subject !== null && isPurpose(subject)
        ? null
        : refused('input-invalid', 'the subject is no purpose of the vocabulary');
    case 'party': {
      const known = subject !== null && (await registerOf(tx, org)).organisations.has(subject);
      return known ? null : refused('input-invalid', 'the subject is no organisation of organisations.yaml');
    }
  }
}

/** For one party, or for whoever works for the organisation or audits it (null). */
export function viewOfFreeze(row: FreezeRow, party: string | null): FreezeView {
  const { id, kind, subject, frozen_as, frozen_by, frozen_at, lifted_at, lifted_by } = row;
  const inside = party === null;
  // Why everybody is stopped may be about somebody else.
  const told = inside || (kind === 'party' && subject === party);
  const words = told ? row.words : null;
  return {
    ...{ freeze: id, kind, subject, words, frozenAs: frozen_as, frozenBy: inside ? frozen_by : null },
    ...{ frozen: frozen_at.toISOString(), lifted: lifted_at?.toISOString() ?? null },
    ...{ liftedBy: inside ? lifted_by : null, liftWords: told ? row.lift_words : null },
    ...{ entry: numberOf(row.log_index), liftEntry: numberOf(row.lift_index) },
  };
}

const numberOf = (index: bigint | null): number | null => (index === null ? null : Number(index));
