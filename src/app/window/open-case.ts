/**
 * Somebody asks for something: a copy, a correction, erasure, or complains, or objects. What is asked for is open from the day
 * it was received. An erasure and an objection stop everything at once, whatever becomes of them: the receipt of that stop
 * is theirs to keep, and the last that anybody can make of them once they are erased.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import { receivedBy, receivedByItself } from '../../policy/preference-event.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import { recordFor, recordPreferenceInput } from '../flow/record-preference.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { type CaseRow, type CaseView, caseKinds, caseView, type SaidInCase, viewOfCase } from './case-row.ts';
import { addStep, contactOf, tellPerson } from './change-case.ts';
import { dueOn } from './clocks.ts';
import { heldRecord } from './held-record.ts';
import { type KeyedRecord, ownKeyed, recordKey } from './record-key.ts';

const words = z
  .string()
  .trim()
  .min(1)
  .max(4000)
  .refine((text) => text.isWellFormed());
export const openCaseInput = z.strictObject({
  kind: z.enum(caseKinds),
  source: z.string().max(80).nullable().default(null),
  /** The record id; of a member one of their own, and needed where more than one is. */
  person: z.string().max(200).nullable().default(null),
  /** Of a complaint and an objection they are needed. */
  words: words.nullable().default(null),
  /** Of a correction: the field, and what it should say; an empty text: nothing. */
  field: z.string().max(80).nullable().default(null),
  value: z.string().max(400).nullable().default(null),
  /** Where they want to be answered, of somebody in no record. */
  replyTo: z.string().max(254).nullable().default(null),
  by: z.enum(receivedBy).default('web'),
  signed: z.iso.date().nullable().default(null),
  received: z.iso.date().nullable().default(null),
});
type Input = z.output<typeof openCaseInput>;
export const openedCaseView = caseView
  .extend({
    /** Whether a mail goes to the person; if not, the staff write to them. */
    mailed: z.boolean(),
    /** Of the stop that an erasure or an objection came with: theirs to keep. */
    receipt: z.looseObject({}).optional(),
  })
  .meta({ id: 'OpenedCase' });
export type OpenedCase = z.output<typeof openedCaseView>;

/** Asked twice while the first is open, it is the first. Refuses `input-invalid`, `not-found`, `preference-refused`. */
export async function openCase(service: Service, actor: Actor, given: Input): Promise<Answer<OpenedCase>> {
  const input: Input =
    actor.kind === 'member' ? { ...given, by: 'web', signed: null, received: null, replyTo: null } : given;
  const today = dayOf(service.now().getTime());
  const fault = inputFault(input, today);
  if (fault !== null) return refused('input-invalid', fault);
  const of = await recordMeant(service, actor, input);
  if (of.kind === 'refused') return of;
  if (input.kind === 'correction') {
    const unknown = await fieldFault(service, actor.org, of.value?.source ?? input.source, input.field);
    if (unknown !== null) return refused('input-invalid', unknown);
  }
  const row = rowOf(service, actor, input, of.value, today);
  const standing = await service.state.as(actor.org, (tx) => standingCase(tx, row));
  if (standing !== null) return done({ ...viewOfCase(standing, today), mailed: false });
  return open(service, actor, input, row, of.value);
}

function inputFault(
  { kind, words: said, field, value, by, signed, received }: Input,
  today: string,
): string | null {
  if (kind === 'correction' && (field === null || value === null))
    return 'a correction says which field, and what it should say';
  if ((kind === 'complaint' || kind === 'objection') && said === null)
    return 'say what it is about, in words';
  if (!receivedByItself.has(by) && received === null) return 'say on which day it was received';
  if ((received ?? today) > today || (signed ?? today) > today) return 'that day is not here yet';
  if (signed !== null && signed > (received ?? today)) return 'it was signed after it was received';
  if (value !== null && (/\p{Cc}/u.test(value) || !value.isWellFormed())) return 'the new value is no text';
  return null;
}

/** Null: nobody knows which record it is of. A member always speaks for one of their own. */
async function recordMeant(
  service: Service,
  actor: Actor,
  { source, person }: Input,
): Promise<Answer<KeyedRecord | null>> {
  const unknown = refused('not-found', 'there is no such record');
  if (actor.kind === 'member') {
    const own = (await ownKeyed(service, actor)).filter(
      (each) => (source === null || each.source === source) && (person === null || each.record === person),
    );
    const [first] = own;
    if (first === undefined) return unknown;
    return own.length === 1
      ? done(first)
      : refused('input-invalid', 'more than one record is yours: say which');
  }
  if (person === null) return done(null);
  if (source === null) return refused('input-invalid', 'say of which source the record is');
  const one = { source, record: person };
  if ((await heldRecord(service, actor.org, one)) === null) return unknown;
  return done({ ...one, key: await recordKey(service, actor.org, one) });
}

async function fieldFault(
  service: Service,
  org: string,
  source: string | null,
  field: string | null,
): Promise<string | null> {
  const { sources } = await readWorkspace(service, org);
  const found = sources.find(({ id }) => id === source);
  if (found === undefined) return 'say of which source the record is';
  return found.fields.some(({ name }) => name === field) ? null : 'there is no such field';
}

type NewRow = Omit<CaseRow, 'number' | 'said'> & { readonly said: SaidInCase };

function rowOf(service: Service, actor: Actor, input: Input, of: KeyedRecord | null, today: string): NewRow {
  const { kind, by, signed, received, replyTo } = input;
  const receivedOn = received ?? today;
  return {
    ...{ org: actor.org, id: randomUUID(), kind, state: 'open' },
    ...{ source: of?.source ?? input.source, record: of?.record ?? null, record_key: of?.key ?? null },
    said: { words: input.words, field: input.field, value: input.value },
    ...{ reply_to: replyTo, asked_by: `${actor.kind}:${actor.id}`, received_by: by, signed_on: signed },
    ...{ received_on: receivedOn, opened_at: service.now(), acknowledged_at: null },
    due_on: dueOn({ kind, receivedOn, extended: false, stood: 0 }),
    ...{
      extended: false,
      waiting_since: null,
      ended_at: null,
      ended_by: null,
      answer: null,
      event: null,
      version: 1,
    },
  };
}

/** The same, still open: who sends a form twice asked once. */
async function standingCase(
  tx: Tx,
  { org, kind, source, record_key, said }: NewRow,
): Promise<CaseRow | null> {
  if (record_key === null) return null;
  const rows = await tx
    .selectFrom('member_case')
    .selectAll()
    .where('org', '=', org)
    .where('kind', '=', kind)
    .where('source', '=', source)
    .where('record_key', '=', record_key)
    .where('ended_at', 'is', null)
    .execute();
  return rows.find((row) => JSON.stringify(row.said, order) === JSON.stringify(said, order)) ?? null;
}
const order = ['words', 'field', 'value'];

async function open(
  service: Service,
  actor: Actor,
  input: Input,
  row: NewRow,
  of: KeyedRecord | null,
): Promise<Answer<OpenedCase>> {
  const contact = await contactOf(service, row);
  let made: { readonly row: CaseRow; readonly mailed: boolean } | null = null;
  const write = async (tx: Tx, event: string | null): Promise<void> => {
    const written = await insert(tx, { ...row, event });
    await addStep(tx, {
      ...{ org: row.org, id: row.id, deed: 'opened', by: row.asked_by, words: null, at: row.opened_at },
    });
    made = { row: written, mailed: await tellPerson(tx, service, written, 'opened', contact) };
  };
  let receipt: Record<string, unknown> | undefined;
  if (of !== null && (input.kind === 'erasure' || input.kind === 'objection')) {
    const recorded = await recordFor(service, actor.org, stopOf(input, of), write);
    if (recorded.kind === 'refused') return recorded;
    receipt = recorded.value.receipt;
  } else await service.state.as(actor.org, (tx) => write(tx, null));
  const { row: opened, mailed } = made ?? neverWritten();
  const view: CaseView = viewOfCase(opened, dayOf(service.now().getTime()));
  return done({ ...view, mailed, ...(receipt === undefined ? {} : { receipt }) });
}

function neverWritten(): never {
  throw new RangeError('a case was not written');
}

const stopOf = ({ by, signed, received }: Input, { source, record }: KeyedRecord) =>
  recordPreferenceInput.parse({
    ...{ source, person: record, kind: 'objection', by },
    ...(received === null ? {} : { signed: signed ?? received, received }),
  });

/** Numbered in turn: of two at once one waits. */
async function insert(tx: Tx, { said, ...row }: NewRow): Promise<CaseRow> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('member_case'), hashtext(${row.org}))`.execute(tx);
  const { last } = await tx
    .selectFrom('member_case')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('org', '=', row.org)
    .executeTakeFirstOrThrow();
  return tx
    .insertInto('member_case')
    .values({ ...row, number: (last ?? 0) + 1, said: JSON.stringify(said) })
    .returningAll()
    .executeTakeFirstOrThrow();
}
