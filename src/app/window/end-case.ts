/**
 * A case ends: done, or refused with the reason and what the person can do about it. An erasure that is done is done here;
 * a correction that is done is passed on to who has the old value.
 */
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { AccountsService } from '../flow/accounts.ts';
import { commit } from '../flow/change-documents.ts';
import { type Actor, type Answer, done, type Refused, refused } from '../flow/service.ts';
import { wordsGiven } from '../flow/words-given.ts';
import { type CaseRow, caseView, viewOfCase } from './case-row.ts';
import { addStep, type Changed, changeCase, contactOf, noSuchCase } from './change-case.ts';
import { type CaseOf, erasePerson, type PersonErased } from './erase-person.ts';
import { mayBeHeld } from './may-be-held.ts';
import { othersOpen } from './others-open.ts';
import { ownAddresses } from './own-addresses.ts';

export const endCaseInput = z.strictObject({
  case: z.string().max(100),
  version: z.int().min(0),
  outcome: z.enum(['done', 'refused']),
  /** To the person: what was done, or why not. That they may complain to the regulator is said with it. */
  words: wordsGiven,
});
type Input = z.output<typeof endCaseInput>;
export const endedCaseView = caseView
  .extend({
    mailed: z.boolean(),
    /** Of an erasure: what only people can do. It stands as a note of the case too. */
    leftToDo: z.array(z.string()).optional(),
  })
  .meta({ id: 'EndedCase' });
export type EndedCase = z.output<typeof endedCaseView>;

/** Refuses `not-found`, `changed-meanwhile`, `wrong-state`, `not-allowed` to a key that would erase. */
export async function endCase(
  service: AccountsService,
  actor: Actor,
  { case: id, version, outcome, words }: Input,
): Promise<Answer<EndedCase>> {
  const { org } = actor;
  const row = await service.state.as(org, (tx) =>
    tx.selectFrom('member_case').selectAll().where('org', '=', org).where('id', '=', id).executeTakeFirst(),
  );
  if (row === undefined) return noSuchCase;
  if (version !== row.version)
    return refused('changed-meanwhile', 'somebody else has worked on it since; look at it again');
  if (row.ended_at !== null) return refused('wrong-state', 'it was answered, and has ended');
  const contact = await contactOf(service, row);
  const isErased = outcome === 'done' && row.kind === 'erasure';
  const erases = isErased && row.stops.length === 0;
  if (isErased && !erases) {
    const held = await mayBeHeld(service, org, row.stops);
    if (held !== null) return held;
  }
  const addresses = erases ? await addressesOf(service, row) : [];
  if (erases) {
    const unanswered = await unansweredOf(service, row, addresses);
    if (unanswered !== null) return unanswered;
  }
  const end = (tx: Tx): Promise<Answer<Changed>> =>
    changeCase(tx, service, actor, {
      // What they were told of themselves goes with them.
      ...{ id, version, deed: outcome, words: erases ? null : words, contact },
      set: () => ({
        ...{ state: outcome, waiting_since: null, ended_at: service.now() },
        ...{ ended_by: `${actor.kind}:${actor.id}`, answer: erases ? null : words },
        // Of an erasure it was kept for its end alone; what nobody's record stands behind is how to answer them.
        ...(row.kind === 'erasure' && row.record !== null ? { reply_to: null } : {}),
      }),
    });
  const ended = erases
    ? await eraseOf(service, actor, { row, addresses, end })
    : await endOnly(service, org, end);
  if (ended.kind === 'refused') return ended;
  const { also, leftToDo } = ended.value;
  const view = viewOfCase(also.row, dayOf(service.now().getTime()));
  return done({ ...view, mailed: also.mailed, ...(erases ? { leftToDo: [...leftToDo] } : {}) });
}

type Ended = Answer<PersonErased<Changed>>;

async function endOnly(
  service: AccountsService,
  org: string,
  end: (tx: Tx) => Promise<Answer<Changed>>,
): Promise<Ended> {
  const changed = await commit<Changed>(service, org, end);
  if (changed === null) return noSuchCase;
  return changed.kind === 'refused' ? changed : done({ leftToDo: [], also: changed.value });
}

/** What they asked for beside it would be blanked with them, and be open for ever. */
async function unansweredOf(
  { state }: AccountsService,
  row: CaseRow,
  addresses: readonly string[],
): Promise<Refused | null> {
  const others = await state.as(row.org, (tx) => othersOpen(tx, row, addresses));
  if (others.length === 0) return null;
  const numbers = others.map(({ number, kind }) => `request ${number} (${kind})`).join(', ');
  return refused('wrong-state', `answer what else they asked for first: ${numbers}`);
}

async function addressesOf(service: AccountsService, { org, source, record, reply_to }: CaseRow) {
  return source === null || record === null ? [] : ownAddresses(service, org, { source, record }, reply_to);
}

type Erasure = {
  readonly row: CaseRow;
  readonly addresses: readonly string[];
  readonly end: (tx: Tx) => Promise<Answer<Changed>>;
};

/** Nobody who is not known can be erased, and no machine does it. */
async function eraseOf(
  service: AccountsService,
  actor: Actor,
  { row, addresses, end }: Erasure,
): Promise<Ended> {
  if (actor.kind !== 'staff') return refused('not-allowed', 'a person erases, not a key');
  const { id: cause, org, source, record, received_by: by, received_on: received } = row;
  if (await service.state.as(org, (tx) => wasBlanked(tx, row)))
    return endOnly(service, org, async (tx) => {
      await blankSteps(tx, row);
      const ended = await end(tx);
      if (ended.kind === 'done') await forgetLanguage(tx, org, [cause]);
      return ended;
    });
  if (source === null || record === null)
    return refused('wrong-state', 'nobody knows which record it is of: find it, and open the request for it');
  const step = { org, by: `${actor.kind}:${actor.id}`, at: service.now() };
  const person = { source, record, addresses, by, received, cause };
  return erasePerson(service, org, person, async (tx, left, cases) => {
    const ended = await end(tx);
    if (ended.kind === 'refused') return ended;
    await addStep(tx, { ...step, id: cause, deed: 'note', words: left.join('\n') });
    for (const each of cases)
      if (each.ended_at === null && !isOfSame(row, each)) await endWith(tx, step, each, row.number);
    await forgetLanguage(
      tx,
      org,
      cases.map(({ id }) => id),
    );
    return ended;
  });
}

type Step = Pick<Parameters<typeof addStep>[1], 'org' | 'by' | 'at'>;

/** What was opened while the person was erased lost its words with them: open, nobody could answer it. */
async function endWith(tx: Tx, step: Step, { id, version }: CaseOf, erasure: number): Promise<void> {
  const { org, by: ended_by, at: ended_at } = step;
  await tx
    .updateTable('member_case')
    .set({ state: 'done', waiting_since: null, ended_at, ended_by, version: version + 1 })
    .where('org', '=', org)
    .where('id', '=', id)
    .execute();
  await addStep(tx, { ...step, id, deed: 'done', words: null });
  const words = `It was opened while its person was erased, and ended with request ${erasure}, the erasure.`;
  await addStep(tx, { ...step, id, deed: 'note', words });
}

/** Another erasure of the record ends by itself: what was done for one of them was done for all. */
const isOfSame = (row: CaseRow, { kind, source, record_key }: CaseOf): boolean =>
  kind === 'erasure' && source === row.source && record_key === row.record_key;

/** The last mail to them is written. */
async function forgetLanguage(tx: Tx, org: string, cases: readonly string[]): Promise<void> {
  if (cases.length === 0) return;
  await tx
    .updateTable('member_case')
    .set({ language: null })
    .where('org', '=', org)
    .where('id', 'in', cases)
    .execute();
}

/** Another request for the same erasure was done, and took what was theirs out of this one. */
async function wasBlanked(tx: Tx, { org, source, record, record_key }: CaseRow): Promise<boolean> {
  if (source === null || record !== null || record_key === null) return false;
  const other = await tx
    .selectFrom('member_case')
    .select('id')
    .where('org', '=', org)
    .where('kind', '=', 'erasure')
    .where('state', '=', 'done')
    .where('source', '=', source)
    .where('record_key', '=', record_key)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

/** What was written in it since. */
async function blankSteps(tx: Tx, { org, id }: CaseRow): Promise<void> {
  await tx
    .updateTable('member_case_step')
    .set({ words: null })
    .where('org', '=', org)
    .where('member_case', '=', id)
    .execute();
}
