/** What organisations are called: by the register of today, and those that are in it no more by the last that had them. */
import { parseOrganisations } from '../../documents/organisations.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { registerOf, registerPath } from '../flow/register-of.ts';

/** Legal names by id; nothing of one that was never in a register. */
export async function namesKept(
  tx: Tx,
  org: string,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const { organisations } = await registerOf(tx, org);
  const names = new Map([...organisations].map(([id, { legalName }]) => [id, legalName]));
  const lacking = new Set([...ids].filter((id) => !names.has(id)));
  if (lacking.size === 0) return names;
  const earlier = await tx
    .selectFrom('document')
    .select('text')
    .where('org', '=', org)
    .where('path', '=', registerPath)
    .orderBy('made_at', 'desc')
    .execute();
  for (const { text } of earlier) {
    for (const { id, legalName } of parseOrganisations(registerPath, text).organisations)
      if (lacking.delete(id)) names.set(id, legalName);
    if (lacking.size === 0) break;
  }
  return names;
}
