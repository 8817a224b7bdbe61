/** The one way a case changes: against the version it was seen in, with the step that says so, and a mail to the person. */

import { caseMail } from '../../mail/texts.ts';
import { dayOf } from '../../policy/dates.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { CaseDeed } from '../../store/postgres/tables.ts';
import { wordsFor } from '../../words/words.ts';
import { heldKeys } from '../flow/contact-changes.ts';
import { queueMail } from '../flow/queue-mail.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from '../flow/service.ts';
import { type CaseRow, dueOf } from './case-row.ts';
import { heldRecord, roleText } from './held-record.ts';
import { isSafe } from './safe-contact.ts';

export type CaseChange = {
  readonly id: string;
  /** That it was seen in; null: whatever it is in. */
  readonly version: number | null;
  readonly deed: CaseDeed;
  readonly words: string | null;
  /** The address on record, as it was looked up before. */
  readonly contact: string | null;
  /** What else changes of the row, or why it may not. */
  readonly set: (row: CaseRow) => Partial<CaseRow> | Refused;
};
export type Changed = { readonly row: CaseRow; readonly mailed: boolean };

/** Of two at once, one wins: the row is locked. Refuses `not-found`, `changed-meanwhile`, `wrong-state`, and what `set` does. */
export async function changeCase(
  tx: Tx,
  service: Service,
  actor: Actor,
  { id, version, deed, words, contact, set }: CaseChange,
): Promise<Answer<Changed>> {
  const { org } = actor;
  const row = await tx
    .selectFrom('member_case')
    .selectAll()
    .where('org', '=', org)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return noSuchCase;
  if (version !== null && version !== row.version)
    return refused('changed-meanwhile', 'somebody else has worked on it since; look at it again');
  if (row.ended_at !== null) return refused('wrong-state', 'it was answered, and has ended');
  const change = set(row);
  if ('kind' in change && change.kind === 'refused') return change as Refused;
  const changed = await tx
    .updateTable('member_case')
    .set({ ...(change as object), version: row.version + 1 })
    .where('org', '=', org)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const by = `${actor.kind}:${actor.id}`;
  await addStep(tx, { org, id, deed, by, words, at: service.now() });
  return done({ row: changed, mailed: await tellPerson(tx, service, changed, deed, contact) });
}

export const noSuchCase = refused('not-found', 'there is no such request');

type Step = {
  readonly org: string;
  readonly id: string;
  readonly deed: CaseDeed;
  readonly by: string;
  readonly words: string | null;
  readonly at: Date;
};

/** The next step of a case whose row is locked, or new. */
export async function addStep(tx: Tx, { org, id, deed, by, words, at }: Step): Promise<void> {
  const { last } = await tx
    .selectFrom('member_case_step')
    .select(({ fn }) => fn.max('seq').as('last'))
    .where('org', '=', org)
    .where('member_case', '=', id)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('member_case_step')
    .values({ org, member_case: id, seq: (last ?? 0) + 1, deed, by_whom: by, at, words })
    .execute();
}

/**
 * The e-mail address on record of who a case is of: never one that they, or another, typed. Null where there is none, where it
 * was changed of late (`heldDays`), or they are not to be written to. Opens the engine.
 */
export async function contactOf(service: Service, row: Whose): Promise<string | null> {
  const { org, kind, source, record, record_key, reply_to } = row;
  if (source === null || record === null || record_key === null) return null;
  if (await service.state.as(org, (tx) => isSafe(tx, org, source, record_key))) return null;
  // Of an erasure it was kept when it was asked: the record may be out of the file before it ends.
  const email = (await addressOf(service, row)) ?? (kind === 'erasure' ? reply_to : null);
  // After the look at the record: what is read for it is held against what was read before.
  if (await service.state.as(org, (tx) => isAddressHeld(tx, service, row))) return null;
  // One bare address, or none: what stands in a source is not always one.
  return email !== null && /^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(email) ? email : null;
}

/** Whether the address on record was changed of late: whoever has it now may be another, and is told nothing. */
export async function isAddressHeld(
  tx: Tx,
  { now }: Pick<Service, 'now'>,
  { org, source, record_key }: Pick<CaseRow, 'org' | 'source' | 'record_key'>,
): Promise<boolean> {
  if (source === null || record_key === null) return false;
  const held = await heldKeys(tx, { org, source, keys: [record_key], now: now() });
  return held.has(record_key);
}

type Whose = Pick<CaseRow, 'org' | 'kind' | 'source' | 'record' | 'record_key' | 'reply_to'>;

/** As it stands on record, whether or not they are to be written to. Opens the engine. */
export async function addressOf(
  service: Service,
  { org, source, record }: Pick<CaseRow, 'org' | 'source' | 'record'>,
): Promise<string | null> {
  if (source === null || record === null) return null;
  const held = await heldRecord(service, org, { source, record });
  return held === null ? null : roleText(held, 'email');
}

/** Of notes, and of what they say themselves, nobody is told by mail. Gives whether a mail goes. */
export async function tellPerson(
  tx: Tx,
  service: Service,
  row: CaseRow,
  deed: CaseDeed,
  contact: string | null,
): Promise<boolean> {
  const { org, source, record_key } = row;
  if (contact === null || source === null || record_key === null) return false;
  if (deed === 'note' || deed === 'answered') return false;
  if (await isSafe(tx, org, source, record_key)) return false;
  const { name } = await tx
    .selectFrom('organisation')
    .select('name')
    .where('org', '=', org)
    .executeTakeFirstOrThrow();
  const due = dueOf(row, dayOf(service.now().getTime()));
  const url = `${service.url}/organisations/${org}/cases/${row.id}`;
  const { kind, subject, body } = caseMail(wordsFor(row.language), {
    ...{ name, number: row.number, kind: row.kind, deed, due, url },
  });
  await queueMail(tx, { org, recipient: contact, kind, subject, body }, service.now());
  return true;
}
