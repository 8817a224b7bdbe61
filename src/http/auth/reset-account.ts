/** An account as it was before its first password: nothing of what it signed in with stands, nor whoever is signed in. */
import type { Auths } from './auths.ts';

/** Of a link on its way the value is, or holds, whose it is. One statement: all of it, or nothing. */
const statement = `
WITH factor AS (DELETE FROM staff_auth."twoFactor" WHERE "userId" = $1),
  signed_in AS (DELETE FROM staff_auth.session WHERE "userId" = $1),
  words AS (DELETE FROM staff_auth.account WHERE "userId" = $1),
  links AS (DELETE FROM staff_auth.verification WHERE strpos(value, $1) > 0)
UPDATE staff_auth."user" SET "twoFactorEnabled" = false, "updatedAt" = now() WHERE id = $1`;

/** The keys of machines that they made stay: those are stopped one by one. */
export async function resetAccount({ settings }: Auths, person: string): Promise<void> {
  await settings.state.pool.query(statement, [person]);
}
