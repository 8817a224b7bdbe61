/** A machine's key as it is shown: never its secret. */
import { z } from 'zod';
import type { KeyRow } from './accounts.ts';
import { ownParty } from './own-party.ts';
import { staffRole } from './role-view.ts';
import type { Actor } from './service.ts';

export const keyView = z
  .object({
    key: z.string(),
    name: z.string(),
    start: z.string().meta({ description: 'Its first characters' }),
    roles: z.array(staffRole),
    party: z.string().nullable(),
    madeBy: z.string(),
    madeAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable(),
    stopped: z.boolean(),
  })
  .meta({ id: 'Key' });
export type KeyView = z.output<typeof keyView>;

export function viewOfKey(row: KeyRow): KeyView {
  const { id, name, start, roles, party, madeBy, stopped } = row;
  return {
    ...{ key: id, name, start, roles: [...roles], party, madeBy, stopped },
    madeAt: row.madeAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}

/** An officer and an auditor reach every key, a recipient those of its own party. */
export function reaches(actor: Actor, row: KeyRow): boolean {
  const own = ownParty(actor);
  return own === null || row.party === own;
}
