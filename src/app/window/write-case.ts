/** A case is written once: who asks the same again while it is open is in the one that stands, by the day that was first. */
import { sql } from 'kysely';
import type { Tx } from '../../store/postgres/state.ts';
import { type CaseRow, clockOfCase, type SaidInCase, saidOfCase } from './case-row.ts';
import { addStep } from './change-case.ts';
import { dueOn } from './clocks.ts';

export type NewCase = Omit<CaseRow, 'number' | 'said'> & {
  readonly said: SaidInCase;
};
export type CaseWritten = { readonly row: CaseRow; readonly isNew: boolean };

/**
 * Looks under the lock that numbers are given under: of two at once the second finds the first. `lifted`: the stop that the
 * standing case came with, and that was taken back since; the new one stands in its place.
 */
export async function writeCase(tx: Tx, row: NewCase, lifted: string | null): Promise<CaseWritten> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('member_case'), hashtext(${row.org}))`.execute(tx);
  const found = await standingCase(tx, row);
  const standing = found === null ? null : await stillOpen(tx, found);
  if (standing !== null) return { row: await addTo(tx, standing, row, lifted), isNew: false };
  const { said, ...columns } = row;
  const { last } = await tx
    .selectFrom('member_case')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('org', '=', row.org)
    .executeTakeFirstOrThrow();
  const written = await tx
    .insertInto('member_case')
    .values({ ...columns, number: (last ?? 0) + 1, said: JSON.stringify(said) })
    .returningAll()
    .executeTakeFirstOrThrow();
  await addOpened(tx, row, row.id, null);
  return { row: written, isNew: true };
}

/** The same, still open. Two erasures of one record are the same, whatever was said with them; one that is blank erases nobody. */
export async function standingCase(
  tx: Tx,
  { org, kind, source, record_key, said }: NewCase,
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
    .orderBy('number')
    .execute();
  const same = (row: CaseRow): boolean =>
    kind === 'erasure'
      ? row.record !== null
      : JSON.stringify(row.said, order) === JSON.stringify(said, order);
  return rows.find(same) ?? null;
}
const order = ['words', 'field', 'value'];

/** Locked, as it is by now; null where it ended meanwhile. */
async function stillOpen(tx: Tx, { org, id }: CaseRow): Promise<CaseRow | null> {
  const row = await tx
    .selectFrom('member_case')
    .selectAll()
    .where('org', '=', org)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** What came first, though it was entered later, starts the clock: that is moved back, and never on. */
export const isEarlier = (row: NewCase, standing: CaseRow): boolean => row.received_on < standing.received_on;

async function addTo(tx: Tx, standing: CaseRow, row: NewCase, lifted: string | null): Promise<CaseRow> {
  const words = await newWords(tx, standing, row);
  const { received_on, received_by, signed_on } = row;
  const due_on = dueOn({ ...clockOfCase(standing, null), receivedOn: received_on });
  const earlier = isEarlier(row, standing) ? { received_on, received_by, signed_on, due_on } : null;
  const isOver = standing.event === null || standing.event === lifted;
  const stop = isOver && row.event !== null ? { event: row.event } : null;
  if (words === null && earlier === null && stop === null) return standing;
  await addOpened(tx, row, standing.id, words);
  return tx
    .updateTable('member_case')
    .set({ ...earlier, ...stop, version: standing.version + 1 })
    .where('org', '=', standing.org)
    .where('id', '=', standing.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** What was said this time and at no time before; null: nothing. */
async function newWords(tx: Tx, standing: CaseRow, { said: { words } }: NewCase): Promise<string | null> {
  if (words === null || words === saidOfCase(standing).words) return null;
  const before = await tx
    .selectFrom('member_case_step')
    .select('seq')
    .where('org', '=', standing.org)
    .where('member_case', '=', standing.id)
    .where('words', '=', words)
    .limit(1)
    .executeTakeFirst();
  return before === undefined ? words : null;
}

const addOpened = (tx: Tx, { org, asked_by, opened_at }: NewCase, id: string, words: string | null) =>
  addStep(tx, { org, id, deed: 'opened', by: asked_by, words, at: opened_at });
