/** Whether the last mail to the person of a case was given up. What was given up a month ago is forgotten. */
import { caseEndings } from '../../mail/texts.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { CaseRow } from './case-row.ts';

export async function isMailGivenUp(
  tx: Tx,
  { org, number }: Pick<CaseRow, 'org' | 'number'>,
): Promise<boolean> {
  const last = await tx
    .selectFrom('mail')
    .select('given_up_at')
    .where('org', '=', org)
    .where('kind', '=', 'case')
    .where(({ or, eb }) => or(caseEndings(number).map((ending) => eb('subject', 'like', `%${ending}`))))
    .orderBy('made_at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return last !== undefined && last.given_up_at !== null;
}
