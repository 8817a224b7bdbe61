/** Corrections that were accepted: a case of that kind that ended as done, while somebody's name stands on it. */
import type { Tx } from '../../store/postgres/state.ts';
import { saidInCase } from './case-row.ts';

export type Corrected = {
  /** The case. */
  readonly cause: string;
  readonly record: string;
  readonly endedAt: Date;
  readonly said: { readonly field: string; readonly value: string };
};
type Since = { readonly org: string; readonly source: string; readonly since: Date };

/** A case bears the instant of its server, and is seen when it is committed: so much earlier is looked again. Milliseconds. */
const overlap = 2 * 60_000;
/** Whether a case that ended then may not have been looked at before `since`. */
export const isSince = (endedAt: Date, since: Date): boolean => endedAt.getTime() > since.getTime() - overlap;

const ended = (tx: Tx, { org, source, since }: Since) =>
  tx
    .selectFrom('member_case')
    .where('org', '=', org)
    .where('source', '=', source)
    .where('kind', '=', 'correction')
    .where('state', '=', 'done')
    .where('ended_at', '>', new Date(since.getTime() - overlap));

/** Whether any ended since. */
export async function hasCorrections(tx: Tx, of: Since): Promise<boolean> {
  return (await ended(tx, of).select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** In the order they ended. One whose words are gone is of somebody erased. */
export async function correctionsEnded(tx: Tx, of: Since): Promise<readonly Corrected[]> {
  const rows = await ended(tx, of)
    .select(['id', 'record', 'said', 'ended_at'])
    .orderBy('ended_at')
    .orderBy('id')
    .execute();
  return rows.flatMap(({ id, record, said, ended_at }) => {
    const read = saidInCase.safeParse(said);
    if (record === null || ended_at === null || !read.success) return [];
    const { field, value } = read.data;
    return field === null || value === null
      ? []
      : [{ cause: id, record, endedAt: ended_at, said: { field, value } }];
  });
}
