/** What is over is not kept: sessions, links, and the accounts of members who have no session left. To be done every hour. */
import type { Auths } from './auths.ts';

const statements = [
  'DELETE FROM staff_auth.session WHERE "expiresAt" < $1',
  'DELETE FROM staff_auth.verification WHERE "expiresAt" < $1',
  'DELETE FROM member_auth.session WHERE "expiresAt" < $1',
  'DELETE FROM member_auth.verification WHERE "expiresAt" < $1',
  // A member's account is their address and nothing else: the next link makes another. Not one that is just being made.
  `DELETE FROM member_auth."user" u WHERE "createdAt" < $1::timestamptz - interval '1 day'
   AND NOT EXISTS (SELECT FROM member_auth.session s WHERE s."userId" = u.id)`,
] as const;

export async function forgetOver({ settings }: Auths): Promise<void> {
  for (const statement of statements) await settings.state.pool.query(statement, [new Date()]);
}
