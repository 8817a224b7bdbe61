/** What a machine's key may do: never more than who made it may give, today and not only when it was made. */
import type { StaffRole } from '../../store/postgres/tables.ts';

export type Rights = { readonly roles: ReadonlySet<StaffRole>; readonly party: string | null };

const none: ReadonlySet<StaffRole> = new Set();

/** An officer gives any role; a recipient gives its own, of its own party; anybody else gives none. */
export function rightsOfKey(maker: Rights, key: Rights): ReadonlySet<StaffRole> {
  if (!isWhole(key)) return none;
  if (maker.roles.has('officer')) return key.roles;
  const own = maker.roles.has('recipient') && maker.party !== null && key.party === maker.party;
  return own ? key.roles : none;
}

/** Who acts for a party is its recipient and nothing of the organisation's besides. */
export function isWhole({ roles, party }: Rights): boolean {
  if (roles.size === 0) return false;
  return party === null ? !roles.has('recipient') : roles.size === 1 && roles.has('recipient');
}
