/** Whether an agreement was ended before its time. */
import { sql } from 'kysely';
import type { Tx } from '../../store/postgres/state.ts';

/** When; null where nobody ended it. */
export async function endedAgreement(tx: Tx, org: string, agreement: string): Promise<Date | null> {
  const row = await tx
    .selectFrom('agreement_end')
    .select('ended_at')
    .where('org', '=', org)
    .where('agreement', '=', agreement)
    .executeTakeFirst();
  return row?.ended_at ?? null;
}

/** Until the transaction ends, duties under the agreement are opened, or it is ended, here alone. Taken after the log, if both are. */
export async function holdAgreement(tx: Tx, org: string, agreement: string): Promise<void> {
  const name = `agreement/${org}/${agreement}`;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
}
