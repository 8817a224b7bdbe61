/** Of somebody erased, what a correction said and what a recipient answered about them goes; that they were told stays. */
import type { Tx } from '../../store/postgres/state.ts';

export async function blankPassedOn(
  tx: Tx,
  of: { readonly org: string; readonly source: string; readonly recordKeys: readonly string[] },
): Promise<void> {
  if (of.recordKeys.length === 0) return;
  await tx
    .updateTable('passed_on')
    .set({ said: null, words: null })
    .where('org', '=', of.org)
    .where('source', '=', of.source)
    .where('record_key', 'in', [...of.recordKeys])
    .execute();
}
