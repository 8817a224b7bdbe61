/** Whether a log was put back from a backup, and nobody has said yet what was published of it since. */
import { rowsIn } from '../../store/postgres/ledger-query.ts';
import { readHead } from '../../store/postgres/log-head.ts';
import { heldBy } from '../../store/postgres/log-held.ts';
import type { Service } from './service.ts';

/** Throws LedgerError, StateError. */
export async function isPutBack({ state }: Pick<Service, 'state'>, org: string): Promise<boolean> {
  const head = await state.as(org, (tx) => readHead(rowsIn(tx), org));
  return head !== null && heldBy(head.published, null)?.kind === 'restored';
}
