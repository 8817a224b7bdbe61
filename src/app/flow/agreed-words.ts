/**
 * What somebody said yes to, or took back, stays as it was shown to them: the event names the notice and the consent alone,
 * and other words under those names would be put in their mouth. Another version of a notice has another id.
 */
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Workspace } from '../../documents/workspace.ts';
import type { Consent, Notice } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { namedBy } from './notice-versions.ts';
import { type Refused, refused } from './service.ts';

export type Asked = { readonly notice: string; readonly consent: Consent };

export const askedIn = (notices: readonly Notice[]): readonly Asked[] =>
  notices.flatMap(({ id, consents }) => consents.map((consent) => ({ notice: id, consent })));

/**
 * `wrong-state` where an event recorded here names one of `before`, which is another in `after` or not there; else null. In
 * the transaction that changes the documents. What is said in files holds the whole notice: `shown-notices.ts`.
 */
export async function agreedAndChanged(
  tx: Tx,
  before: readonly Asked[],
  { notices }: Pick<Workspace, 'notices'>,
): Promise<Refused | null> {
  const changed = before.filter(({ notice, consent }) => {
    const now = notices.find(({ id }) => id === notice)?.consents.find(({ id }) => id === consent.id);
    return now === undefined || !isDeepStrictEqual(namedBy(now), namedBy(consent));
  });
  for (const { notice, consent } of changed) {
    // Row-level security shows the organisation's own.
    const { rows } = await sql`SELECT 1 FROM preference
      WHERE notice = ${notice} AND consent = ${consent.id} AND erased = 0 LIMIT 1`.execute(tx);
    if (rows.length > 0)
      return refused(
        'wrong-state',
        `somebody answered "${consent.id}" of the notice ${notice}: its words, and what they name, stay as they are; another version of the notice has another id`,
      );
  }
  return null;
}
