/** Whom it was passed on to that somebody said something, and which of them have answered: for the person's own page. */
import { sql } from 'kysely';
import type { Tx } from '../../store/postgres/state.ts';
import type { PassedOnAnswer, PassedOnKind } from '../../store/postgres/tables.ts';
import { stillHeld } from '../flow/overdue-passed-on.ts';
import { type Entered, enteredOf } from './list-passed-on.ts';

export type PassedOnTo = {
  readonly recordKey: string;
  readonly release: string;
  readonly party: string;
  readonly kind: PassedOnKind;
  /** The preference event, or the case, that it comes of. */
  readonly cause: string;
  /** It comes of a letter of nobody known, of which somebody said since that it is of this record. */
  readonly settled: boolean;
  readonly toldAt: Date;
  readonly dueOn: string;
  /** What the party says it did; null: no answer yet. Nobody else sees whether it is so. */
  readonly answer: PassedOnAnswer | null;
  readonly answeredAt: Date | null;
  /** Why it refuses. */
  readonly words: string | null;
  /** How it told staff, who entered it; null where it answered itself. */
  readonly entered: Entered;
  /** False: the party says that it has deleted the whole list. */
  readonly held: boolean;
};

const isSettled = sql<boolean>`EXISTS (SELECT 1 FROM resolution AS r WHERE r.org = passed_on.org
  AND r.source = passed_on.source AND r.stop = passed_on.cause AND passed_on.record_key = ANY (r.record_keys))`;

/** Of these records, as `recordKey` hashes them; the latest first. */
export async function passedOnOf(
  tx: Tx,
  org: string,
  source: string,
  recordKeys: readonly string[],
): Promise<readonly PassedOnTo[]> {
  if (recordKeys.length === 0) return [];
  const rows = await tx
    .selectFrom('passed_on')
    .selectAll()
    .select(stillHeld.as('held'))
    .select(isSettled.as('settled'))
    .where('org', '=', org)
    .where('source', '=', source)
    .where('record_key', 'in', [...recordKeys])
    .orderBy('made_at', 'desc')
    .orderBy('id')
    .limit(500)
    .execute();
  return rows.map((row) => {
    const { record_key, release, party, kind, cause, made_at, due_on, answer, acknowledged_at, words } = row;
    return {
      ...{ recordKey: record_key, release, party, kind, cause, toldAt: made_at, dueOn: due_on },
      ...{ answer, answeredAt: acknowledged_at, words, entered: enteredOf(row), held: row.held },
      settled: row.settled,
    };
  });
}
