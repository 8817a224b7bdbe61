/** Whether what a check was made on is what stands: who approves approves that, and nothing else is released. */
import type { Tx } from '../../store/postgres/state.ts';
import type { RequestRow } from './change-request.ts';
import { type CheckRow, keptOutcome } from './check-view.ts';
import { type DocumentSet, groundDigest } from './current-documents.ts';
import { type Refused, refused } from './service.ts';

/** False where the check kept nothing. Of data nothing is said: it is decided again. */
export function checkedGround(
  check: Pick<CheckRow, 'outcome'>,
  { path }: Pick<RequestRow, 'path'>,
  documents: DocumentSet,
): boolean {
  return keptOutcome(check)?.documents === groundDigest(documents, path);
}

/** Refuses `check-outdated` unless `documents` are those of the one approval that stands; null where they are. */
export async function approvedGroundBar(
  tx: Tx,
  request: RequestRow,
  documents: DocumentSet,
): Promise<Refused | null> {
  const { org, id, state } = request;
  const checks = await tx
    .selectFrom('approval')
    .innerJoin('check_run', (join) =>
      join.onRef('check_run.org', '=', 'approval.org').onRef('check_run.id', '=', 'approval.check_run'),
    )
    .select('check_run.outcome')
    .where('approval.org', '=', org)
    .where('approval.request', '=', id)
    .where('approval.withdrawn_at', 'is', null)
    .execute();
  const [check] = checks;
  if (checks.length === 1 && check !== undefined && checkedGround(check, request, documents)) return null;
  const way =
    state === 'FINALIZED'
      ? 'put them back as they were'
      : 'put them back, or have an officer send the request back: then it is checked and approved again';
  return refused('check-outdated', `documents were changed since ${id} was approved: ${way}`);
}
