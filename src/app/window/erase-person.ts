/**
 * A person goes, from the ledger, the vault and the state (E8). What is theirs in a cell of the state is overwritten or taken
 * out with its row; keyed hashes stay, by which their stop is still obeyed and what was done is still to be counted.
 *
 * They have their receipt from when they asked (`open-case.ts`): a stop of everything, with their token. So none is kept here
 * for them to fetch, which they could not: nobody on no record signs in.
 */
import { sql } from 'kysely';
import { caseEndings } from '../../mail/texts.ts';
import { foldEmail } from '../../policy/fold.ts';
import type { ReceivedBy } from '../../policy/preference-event.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { AccountsService } from '../flow/accounts.ts';
import { gateOptions } from '../flow/carry-out.ts';
import { commit } from '../flow/change-documents.ts';
import type { OwnRecord } from '../flow/own-records.ts';
import { type Answer, done, refused } from '../flow/service.ts';
import { withWorkspace } from '../flow/workspace-of.ts';
import { erase } from '../people/erase.ts';
import { blankPassedOn } from './blank-passed-on.ts';
import type { CaseRow } from './case-row.ts';
import { forgetLists } from './forget-lists.ts';
import { leftToDo } from './left-to-do.ts';
import { passOnErasure } from './pass-on-erasure.ts';
import { recordKey } from './record-key.ts';
import { begunOnce } from './said-in-part.ts';

export type ErasePerson = OwnRecord & {
  readonly by: ReceivedBy;
  /** The day it was asked. */
  readonly received: string;
  /** Theirs alone (`own-addresses.ts`). */
  readonly addresses: readonly string[];
  /** The case: recipients are told of the same erasure once. */
  readonly cause: string;
};
/** `leftToDo`: what the program cannot do, in words; it names nobody. */
export type PersonErased<T> = { readonly leftToDo: readonly string[]; readonly also: T };

/** `cases`: those that something was taken out of. */
export type Also<T> = (tx: Tx, left: readonly string[], cases: readonly CaseOf[]) => Promise<Answer<T>>;

/**
 * `also` writes with what is taken out of the state, and comes after it; what it refuses leaves the state as it was. Safe to be
 * called again where it was cut short: then it throws SayError `cut-short`. Waits for no job: throws FlowError `workspace-busy`
 * while one runs, which may be reading what is destroyed.
 */
export async function erasePerson<T>(
  service: AccountsService,
  org: string,
  person: ErasePerson,
  also: Also<T>,
): Promise<Answer<PersonErased<T>>> {
  return begunOnce((begin) => eraseOnce(service, org, person, also, begin));
}

async function eraseOnce<T>(
  service: AccountsService,
  org: string,
  { source, record, addresses: emails, by, received, cause }: ErasePerson,
  also: Also<T>,
  begin: () => void,
): Promise<Answer<PersonErased<T>>> {
  const whose = { source, record };
  const key = await recordKey(service, org, whose);
  const left = await withWorkspace(service, org, async (workplace) => {
    // First: afterwards nobody can find their rows in what was released.
    await passOnErasure(service, { org, source, records: [record], cause });
    begin();
    const listless = await forgetLists(service, org, whose);
    const options = gateOptions(service, workplace, () => {});
    const input = { source, person: record, by, received };
    // Their receipt was given when they asked; nothing waits for it here.
    const erased = await erase(workplace.workspace, input, options, async () => {});
    if (erased.kind === 'erased') {
      const releases = erased.releases.filter((id) => !listless.includes(id));
      return leftToDo(workplace.workspace, source, { ...erased, releases });
    }
    // A run before this one was cut short after it, or nothing was ever made of them.
    if (erased.code === 'already-erased' || erased.code === 'record-unknown')
      return leftToDo(workplace.workspace, source, { releases: [], nameless: 0 });
    return refused('wrong-state', erased.message);
  });
  if ('kind' in left) return left;
  const theirs: Theirs = { org, source, record, key, emails };
  for (const email of emails) await service.accounts.forgetMember(org, email);
  const written = await commit<T>(service, org, async (tx) => {
    const cases = await eraseState(tx, theirs);
    return also(tx, left, cases);
  });
  if (written === null) throw new RangeError('an erasure was not written');
  return written.kind === 'refused' ? written : done({ leftToDo: left, also: written.value });
}

export type Theirs = {
  readonly org: string;
  readonly source: string;
  readonly record: string;
  /** The keyed hash of the record id. */
  readonly key: string;
  /** As they are written; without those that are another's too. */
  readonly emails: readonly string[];
};
export type CaseOf = Pick<
  CaseRow,
  'id' | 'number' | 'kind' | 'version' | 'ended_at' | 'source' | 'record_key'
>;

/** In every table of the state that may hold something of theirs; a test looks for more. Gives their cases, as they stand. */
async function eraseState(tx: Tx, theirs: Theirs): Promise<readonly CaseOf[]> {
  const cases = await eraseCases(tx, theirs);
  await erasePassedOn(tx, theirs);
  await eraseLookUps(tx, theirs);
  await eraseContact(tx, theirs);
  await eraseMails(tx, theirs, cases);
  await eraseAnswers(tx, theirs, cases);
  return cases;
}

async function eraseCases(tx: Tx, { org, source, key, emails }: Theirs): Promise<readonly CaseOf[]> {
  const cases = await tx
    .updateTable('member_case')
    .set({ said: null, record: null, reply_to: null, answer: null })
    .where('org', '=', org)
    .where(({ or, and, eb }) =>
      or([
        and([eb('source', '=', source), eb('record_key', '=', key)]),
        ...emails.map((email) => sql<boolean>`lower(trim(reply_to)) = ${foldEmail(email)}`),
      ]),
    )
    .returning(['id', 'number', 'kind', 'version', 'ended_at', 'source', 'record_key'])
    .execute();
  const ids = cases.map(({ id }) => id);
  if (ids.length > 0)
    await tx
      .updateTable('member_case_step')
      .set({ words: null })
      .where('org', '=', org)
      .where('member_case', 'in', ids)
      .execute();
  return cases;
}

/** What recipients were told to correct, and said of it. The code of their row stays: they find it by nothing else. */
async function erasePassedOn(tx: Tx, { org, source, key }: Theirs): Promise<void> {
  await blankPassedOn(tx, { org, source, recordKeys: [key] });
  const told = await tx
    .selectFrom('passed_on')
    .select('code')
    .distinct()
    .where('org', '=', org)
    .where('source', '=', source)
    .where('record_key', '=', key)
    .execute();
  for (const { code } of told)
    await tx
      .updateTable('webhook_delivery')
      .set({ body: '' })
      .where('org', '=', org)
      .where(({ or, eb }) => or([eb('delivered_at', 'is not', null), eb('given_up_at', 'is not', null)]))
      .where(sql<boolean>`strpos(body, ${code}) > 0`)
      .execute();
}

/** Why somebody looked, and how they knew whose a letter is, may name whom. */
async function eraseLookUps(tx: Tx, { org, source, key }: Theirs): Promise<void> {
  await tx
    .updateTable('resolution')
    .set({ words: '' })
    .where('org', '=', org)
    .where('source', '=', source)
    .where(sql<boolean>`${key} = ANY (record_keys)`)
    .execute();
  await tx
    .updateTable('look_up')
    .set({ reason: '' })
    .where('org', '=', org)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('look_up_record')
        .select('look_up')
        .where('org', '=', org)
        .where('source', '=', source)
        .where('record_key', '=', key),
    )
    .execute();
}

/**
 * The rows stay, by their key: while the record is in the source's file, nobody's name comes back to a screen, and no link goes
 * to an address that was changed. What the address was goes.
 */
async function eraseContact(tx: Tx, { org, source, key }: Theirs): Promise<void> {
  await tx
    .updateTable('contact_change')
    .set({ contact_key: '' })
    .where('org', '=', org)
    .where('source', '=', source)
    .where('record_key', '=', key)
    .execute();
}

/** By their addresses, and those of their cases to any other. */
async function eraseMails(tx: Tx, { org, emails }: Theirs, cases: readonly CaseOf[]): Promise<void> {
  if (emails.length === 0 && cases.length === 0) return;
  await tx
    .deleteFrom('mail')
    .where('org', '=', org)
    .where(({ or, and, eb }) =>
      or([
        ...emails.map((email) => sql<boolean>`lower(recipient) = ${foldEmail(email)}`),
        ...cases
          .flatMap(({ number }) => caseEndings(number))
          .map((ending) => and([eb('kind', '=', 'case'), eb('subject', 'like', `%${ending}`)])),
      ]),
    )
    .execute();
}

/** What was answered to programs and is kept for a replay. */
async function eraseAnswers(
  tx: Tx,
  { org, record, emails }: Theirs,
  cases: readonly CaseOf[],
): Promise<void> {
  const written = [record, ...cases.map(({ id }) => id), ...emails].map((text) => JSON.stringify(text));
  for (const text of written)
    await tx
      .updateTable('answered')
      .set({ body: null })
      .where('org', '=', org)
      .where(sql<boolean>`strpos(body, ${text}) > 0`)
      .execute();
}
