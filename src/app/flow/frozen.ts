/** Freezes that stand, as the gate reads them (B5): what freezes.yaml is written from, and what downloads are held against. */
import type { Selectable } from 'kysely';
import { dayOf } from '../../policy/dates.ts';
import type { CivilDate, Freeze } from '../../policy/model.ts';
import { organisationMeets, purposeMeets } from '../../policy/promises.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { Tables } from '../../store/postgres/tables.ts';
import { registerOf } from './register-of.ts';

export type FreezeRow = Selectable<Tables['freeze']>;

/** The first freeze that meets any of the parties, their groups, or any of the purposes or what is related; null for none. */
export async function frozenBy(
  tx: Tx,
  org: string,
  { parties, purposes }: { readonly parties: readonly string[]; readonly purposes: readonly string[] },
): Promise<FreezeRow | null> {
  const standing = await standingFreezes(tx, org);
  if (standing.length === 0) return null;
  const { organisations } = await registerOf(tx, org);
  const meets = ({ kind, subject }: FreezeRow): boolean => {
    if (kind === 'everything' || subject === null) return true;
    return kind === 'party'
      ? organisationMeets(subject, parties, organisations)
      : purposes.some((purpose) => purposeMeets(subject, purpose));
  };
  return standing.find(meets) ?? null;
}

/** `day` is the gate's: a freeze holds on it, even where the fixed clock of a reconstruction stands before the freeze. */
export async function gateFreezes(tx: Tx, org: string, day: CivilDate): Promise<readonly Freeze[]> {
  return (await standingFreezes(tx, org)).map((row) => gateFreeze(row, day));
}

export function gateFreeze({ kind, subject, words, frozen_at }: FreezeRow, day: CivilDate): Freeze {
  const since = dayOf(frozen_at.getTime());
  return {
    party: kind === 'party' ? subject : null,
    purpose: kind === 'purpose' ? subject : null,
    from: since < day ? since : day,
    until: null,
    why: words,
  };
}

function standingFreezes(tx: Tx, org: string): Promise<FreezeRow[]> {
  return tx
    .selectFrom('freeze')
    .selectAll()
    .where('org', '=', org)
    .where('lifted_at', 'is', null)
    .orderBy('frozen_at')
    .orderBy('id')
    .execute();
}
