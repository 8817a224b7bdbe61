/**
 * Somebody asks for something: a copy, a correction, erasure, or complains, or objects. What is asked for is open from the day
 * it was received. An erasure and an objection stop everything at once, whatever becomes of them: the receipt of that stop
 * is theirs to keep, and the last that anybody can make of them once they are erased.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { wasDestroyed } from '../../bulk/destroyed.ts';
import { IngestError } from '../../bulk/ingest/ingest-error.ts';
import { dayOf, firstDay } from '../../policy/dates.ts';
import { receivedBy, receivedByItself } from '../../policy/preference-event.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { readSources } from '../flow/read-sources.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import { recordFor, recordPreferenceInput } from '../flow/record-preference.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { type CaseRow, type CaseView, caseKinds, caseView, viewOfCase } from './case-row.ts';
import { addressOf, contactOf, tellPerson } from './change-case.ts';
import { dueOn } from './clocks.ts';
import { heldRecord } from './held-record.ts';
import { type KeyedRecord, ownKeyed, recordKey } from './record-key.ts';
import { stillStands } from './standing.ts';
import { daysSaid, detailsOfNobody, stopForNobody } from './stop-for-nobody.ts';
import { isEarlier, type NewCase, standingCase, writeCase } from './write-case.ts';

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
  /** Where they want to be answered, of somebody in no record. Of an erasure of a record the address on record is kept instead. */
  replyTo: z.string().max(254).nullable().default(null),
  /** What somebody in no record says of themselves: an erasure and an objection hold back everybody they may be of. */
  details: detailsOfNobody.nullable().default(null),
  by: z.enum(receivedBy).default('web'),
  /** That they are to be written to in (BCP 47); unknown, or not here: English. */
  language: z
    .string()
    .max(35)
    .regex(/^[a-z]{1,8}(-[a-z0-9]{1,8})*$/i)
    .nullable()
    .default(null),
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

/**
 * Asked twice while the first is open, it is the first; what was received before it moves its clock back; where the stop it
 * came with was taken back, there is a new one. Of a record erased before, an erasure comes without a stop and a receipt. Refuses `input-invalid`, `not-found`, `preference-refused`.
 */
export async function openCase(service: Service, actor: Actor, given: Input): Promise<Answer<OpenedCase>> {
  const input: Input =
    actor.kind === 'member'
      ? { ...given, by: 'web', signed: null, received: null, replyTo: null, details: null }
      : given;
  const today = dayOf(service.now().getTime());
  const fault = inputFault(input, today);
  if (fault !== null) return refused('input-invalid', fault);
  const of = await recordMeant(service, actor, input);
  if (of.kind === 'refused') return of;
  const unsaid = detailsFault(input, of.value);
  if (unsaid !== null) return refused('input-invalid', unsaid);
  if (input.kind === 'correction') {
    const unknown = await fieldFault(service, actor.org, of.value?.source ?? input.source, input.field);
    if (unknown !== null) return refused('input-invalid', unknown);
  }
  const asked = rowOf(service, actor, input, of.value, today);
  // Until it ends: their mails and their account are found by it, though the file be cleaned before.
  const kept =
    input.kind === 'erasure' && of.value !== null ? { reply_to: await addressOf(service, asked) } : {};
  const row = { ...asked, ...kept };
  const standing = await service.state.as(actor.org, (tx) => standingCase(tx, row));
  const lifted = standing === null || of.value === null ? null : await liftedOf(service, of.value, standing);
  // One stop came with it: it needs another only where that was taken back, or must hold from an earlier day.
  const stops = standing === null || standing.event === null || lifted !== null || isEarlier(row, standing);
  return open(service, actor, { input, row, of: stops ? of.value : null, lifted });
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
  if ((received ?? today) < firstDay || (signed ?? today) < firstDay) return 'that day is before 1900';
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

/** Nobody in no record stops without a word of whom it may be; of a record nothing else is said. */
function detailsFault({ kind, details }: Input, of: KeyedRecord | null): string | null {
  if (of !== null) return details === null ? null : 'the record says who they are: give no details';
  if (!comesWithStop(kind)) return details === null ? null : 'details are given where something is to stop';
  return details === null ? 'say what they say of themselves: it holds back everybody they may be' : null;
}

const comesWithStop = (kind: Input['kind']): boolean => kind === 'erasure' || kind === 'objection';

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

function rowOf(service: Service, actor: Actor, input: Input, of: KeyedRecord | null, today: string): NewCase {
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
      language: input.language,
      stops: [],
    },
  };
}

/** The stop that an open case came with, where it does not hold any more. */
async function liftedOf(service: Service, of: KeyedRecord, { org, event }: CaseRow): Promise<string | null> {
  if (event === null) return null;
  try {
    return (await stillStands(service, org, of, event)) ? null : event;
  } catch (error) {
    // A source that cannot be read now says nothing of it: one stop more harms nobody.
    if (error instanceof IngestError) return event;
    throw error;
  }
}

type Opening = {
  readonly input: Input;
  readonly row: NewCase;
  /** The record that a stop is recorded of; null: of none. */
  readonly of: KeyedRecord | null;
  readonly lifted: string | null;
};

async function open(
  service: Service,
  actor: Actor,
  { input, row, of, lifted }: Opening,
): Promise<Answer<OpenedCase>> {
  const contact = await contactOf(service, row);
  let made: { readonly row: CaseRow; readonly mailed: boolean } | null = null;
  const write = async (tx: Tx, event: string | null, stops: readonly string[]): Promise<void> => {
    const written = await writeCase(tx, { ...row, event, stops: [...stops] }, lifted);
    const tells = written.isNew ? contact : null;
    made = { row: written.row, mailed: await tellPerson(tx, service, written.row, 'opened', tells) };
  };
  let receipt: Record<string, unknown> | undefined;
  let stopped = false;
  if (input.details !== null) {
    const held = await stopForNobody(service, actor.org, { ...input, details: input.details }, write);
    if (held.kind === 'refused') return held;
    stopped = true;
    receipt = held.value.receipt;
  } else if (of !== null && comesWithStop(input.kind)) {
    const recorded = await recordFor(service, actor.org, stopOf(input, of), (tx, event) =>
      write(tx, event, []),
    );
    stopped = recorded.kind === 'done';
    if (recorded.kind === 'done') receipt = recorded.value.receipt;
    // Nothing of somebody erased before is to be stopped; what was asked and said since is still to be taken out.
    else if (input.kind !== 'erasure' || !(await wasErased(service, actor.org, of))) return recorded;
  }
  if (!stopped) await service.state.as(actor.org, (tx) => write(tx, null, []));
  const { row: opened, mailed } = made ?? neverWritten();
  const view: CaseView = viewOfCase(opened, dayOf(service.now().getTime()));
  return done({ ...view, mailed, ...(receipt === undefined ? {} : { receipt }) });
}

const wasErased = (service: Service, org: string, { source, record }: KeyedRecord): Promise<boolean> =>
  readSources(service, org, ({ workspace, engine }) => wasDestroyed(engine, workspace.root, source, record));

function neverWritten(): never {
  throw new RangeError('a case was not written');
}

const stopOf = ({ by, signed, received }: Input, { source, record }: KeyedRecord) =>
  recordPreferenceInput.parse({
    ...{ source, person: record, kind: 'objection', by, ...daysSaid({ signed, received }) },
  });
