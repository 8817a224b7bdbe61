/** Sleepers that are on file for a request and cannot be put in its list, since nobody agreed to any (E7). */
import type { Workspace } from '../../documents/workspace.ts';
import type { Request } from '../../policy/model.ts';

export function sleepersLeftOut(
  { supply }: Pick<Workspace, 'supply'>,
  { id, agreement }: Pick<Request, 'id' | 'agreement'>,
): readonly string[] {
  if (supply.sleeperTerms.has(agreement)) return [];
  const left = supply.sleepers.filter(({ requests }) => requests.includes(id)).map((sleeper) => sleeper.id);
  if (left.length === 0) return [];
  return [
    `the agreement ${agreement} speaks of no sleepers, and so no list of ${id} has them: ${left.join(', ')}`,
  ];
}
