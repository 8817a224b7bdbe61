/** A member who was erased: their sessions with the organisation, the links on their way, and their account go. */
import type { Auths } from './auths.ts';

/** An address is kept in small letters; a link is of no organisation until it is opened, and can be asked for again. */
const statements = [
  [
    'DELETE FROM member_auth.verification WHERE strpos(lower(value), to_json(lower($1::text))::text) > 0',
    ['email'],
  ],
  [
    `DELETE FROM member_auth.session s USING member_auth."user" u
     WHERE u.id = s."userId" AND lower(u.email) = lower($1) AND (s.org = $2 OR s.org IS NULL)`,
    ['email', 'org'],
  ],
  [
    `DELETE FROM member_auth."user" u WHERE lower(email) = lower($1)
     AND NOT EXISTS (SELECT FROM member_auth.session s WHERE s."userId" = u.id)`,
    ['email'],
  ],
] as const;

export async function forgetMember({ settings }: Auths, org: string, email: string): Promise<void> {
  const values = { org, email: email.trim() };
  for (const [statement, names] of statements)
    await settings.state.pool.query(
      statement,
      names.map((name) => values[name]),
    );
}
