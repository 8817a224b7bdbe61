/** A case as the use cases show it. The words somebody gave are shown to them, and to the staff who answer. */
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import type { CivilDate } from '../../policy/model.ts';
import { receivedBy } from '../../policy/preference-event.ts';
import type { Tables } from '../../store/postgres/tables.ts';
import {
  type Clock,
  type Due,
  daysBetween,
  dueNext,
  dueOn,
  isMonthly,
  mayStand,
  stoodFor,
} from './clocks.ts';

export type CaseRow = Selectable<Tables['member_case']>;
export type StepRow = Selectable<Tables['member_case_step']>;
export const caseKinds = ['access', 'correction', 'erasure', 'complaint', 'objection'] as const;

export const caseView = z
  .object({
    case: z.string(),
    /** To be said on the telephone. */
    number: z.number().int(),
    kind: z.enum(caseKinds),
    state: z.enum(['open', 'waiting', 'done', 'refused']),
    by: z.enum(receivedBy),
    signed: z.iso.date().nullable(),
    received: z.iso.date(),
    opened: z.iso.datetime(),
    acknowledged: z.iso.datetime().nullable(),
    /** What is owed next, by which day in London; `outcome`: without undue delay. */
    due: z.object({
      what: z.enum(['answer', 'acknowledge', 'outcome', 'nothing']),
      on: z.iso.date().nullable(),
      overdue: z.boolean(),
    }),
    extended: z.boolean(),
    /** Since when its clock stands: the person was asked something. Null where it runs on, though they were (`mayStand`). */
    waitingSince: z.iso.datetime().nullable(),
    ended: z.iso.datetime().nullable(),
    /** Of the preference event that it came with. */
    event: z.string().nullable(),
    version: z.number().int(),
  })
  .meta({ id: 'Case' });
export type CaseView = z.output<typeof caseView>;

export const saidInCase = z.object({
  words: z.string().nullable(),
  /** Of a correction. */
  field: z.string().nullable(),
  value: z.string().nullable(),
});
export type SaidInCase = z.output<typeof saidInCase>;

/** `today` in London. */
export function viewOfCase(row: CaseRow, today: string): CaseView {
  return {
    ...{ case: row.id, number: row.number, kind: row.kind, state: row.state, by: row.received_by },
    ...{ signed: row.signed_on, received: row.received_on, opened: row.opened_at.toISOString() },
    acknowledged: row.acknowledged_at?.toISOString() ?? null,
    due: dueOf(row, today),
    extended: row.extended,
    waitingSince: mayStand(row.kind) ? (row.waiting_since?.toISOString() ?? null) : null,
    ended: row.ended_at?.toISOString() ?? null,
    ...{ event: row.event, version: row.version },
  };
}

export const dueOf = (row: CaseRow, today: string): Due =>
  dueNext(
    {
      ...{ kind: row.kind, state: row.state, dueOn: row.due_on, acknowledged: row.acknowledged_at !== null },
      waitingSince: row.waiting_since === null ? null : dayOf(row.waiting_since.getTime()),
    },
    today,
  );

/**
 * How long it stood is what the day it is due was moved by; `today`, of one that stands now, counts those days as well, which
 * have not moved it yet.
 */
export function clockOfCase(row: CaseRow, today: CivilDate | null): Clock {
  const { kind, received_on: receivedOn, extended, due_on, waiting_since } = row;
  const bare = { kind, receivedOn, extended, stood: 0 };
  const before = isMonthly(kind) ? Math.max(0, daysBetween(dueOn(bare), due_on)) : 0;
  const now =
    today === null || waiting_since === null ? 0 : stoodFor(kind, dayOf(waiting_since.getTime()), today);
  return { ...bare, stood: before + now };
}

/** What was said in it; nothing where it was erased. */
export function saidOfCase({ said }: CaseRow): SaidInCase {
  const found = saidInCase.safeParse(said);
  return found.success ? found.data : { words: null, field: null, value: null };
}
