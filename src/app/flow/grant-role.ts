/** An officer gives somebody a role. Whoever has no password yet is sent a link by which they set one. */
import { sql } from 'kysely';
import { z } from 'zod';
import { invitationMail, roleGivenMail, roleGrantedMail } from '../../mail/texts.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { AccountsService, Person } from './accounts.ts';
import { isWhole } from './key-rights.ts';
import { invitationHours } from './link-lasts.ts';
import { queueLinkMail, queueMail } from './queue-mail.ts';
import { registerOf } from './register-of.ts';
import { partyId, type RoleRow, type RoleView, roleWords, staffRole, viewOfRole } from './role-view.ts';
import { type Actor, type Answer, done, type Refused, refused } from './service.ts';
import { whoWatches } from './who-watches.ts';

export const grantRoleInput = z.strictObject({
  email: z.email().max(254).toLowerCase(),
  name: z.string().trim().min(1).max(80),
  role: staffRole,
  party: partyId.nullable().default(null).meta({ description: 'Of a recipient, and of nobody else' }),
  mayFreeze: z.boolean().default(false).meta({ description: 'Of an auditor, and of nobody else' }),
});
type Input = z.output<typeof grantRoleInput>;

export async function grantRole(
  service: AccountsService,
  actor: Actor,
  input: Input,
): Promise<Answer<RoleView>> {
  if (actor.kind !== 'staff') return refused('not-allowed', 'roles are granted by people, not by keys');
  if (!isWhole({ roles: new Set([input.role]), party: input.party }))
    return refused('input-invalid', 'a recipient acts for a party, and nobody else does');
  if (input.mayFreeze && input.role !== 'auditor')
    return refused('input-invalid', 'the power to freeze is given to auditors; officers have it');
  const { accounts, state, now } = service;
  // Before the transaction: an account without a role opens nothing, should that fail.
  const person = await accounts.personOf(input.email, input.name);
  const refusal = await state.as(actor.org, (tx) => standsAgainst(tx, actor.org, person.person, input));
  if (refusal !== null) return refusal;
  const link = await accounts.invitation(person.person, invitationHours);
  const by = (await accounts.people([actor.id])).get(actor.id)?.email ?? actor.id;
  const watching = await whoWatches(service, actor.org, [actor.id, person.person]);
  return state.as(actor.org, async (tx) => {
    const { role, party, mayFreeze } = input;
    const refusal = await standsAgainst(tx, actor.org, person.person, input);
    if (refusal !== null) return refusal;
    const row: RoleRow = {
      ...{ org: actor.org, person: person.person, role, party, may_freeze: mayFreeze },
      ...{ granted_by: actor.id, granted_at: now() },
    };
    await tx.insertInto('staff_role').values(row).execute();
    await tell(tx, service, row, { person, link, by, watching });
    // As it was typed: the account's own may be what another organisation calls them.
    return done(viewOfRole(row, { ...person, name: input.name }));
  });
}

/** Held while a role is given: of two at once the second sees the first. Until `tx` ends. */
export async function holdRoles(tx: Tx, org: string, person: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`roles ${org} ${person}`}, 0))`.execute(tx);
}

/** Nobody is on both sides of a supply: with a party's role goes no other, and no second party. */
async function standsAgainst(tx: Tx, org: string, person: string, input: Input): Promise<Refused | null> {
  if (input.party !== null && !(await registerOf(tx, org)).organisations.has(input.party))
    return refused('input-invalid', `no organisation ${input.party} stands in organisations.yaml`);
  await holdRoles(tx, org, person);
  const standing = await tx
    .selectFrom('staff_role')
    .select(['role', 'party'])
    .where('org', '=', org)
    .where('person', '=', person)
    .execute();
  if (standing.some(({ role }) => (role === 'recipient') !== (input.role === 'recipient')))
    return refused('wrong-state', 'who acts for a recipient has no other role here');
  if (standing.some(({ role, party }) => role === input.role && party !== input.party))
    return refused('wrong-state', 'they act for another party already');
  if (standing.some(({ role }) => role === input.role))
    return refused('already-done', 'they have this role already');
  return null;
}

type Told = {
  readonly person: Person;
  /** Null for somebody who has a password. */
  readonly link: string | null;
  /** The address of who gives it. */
  readonly by: string;
  readonly watching: readonly Person[];
};

async function tell(
  tx: Tx,
  { url, cover, now }: AccountsService,
  { org, role }: RoleRow,
  { person, link, by, watching }: Told,
): Promise<void> {
  const { name } = await tx
    .selectFrom('organisation')
    .select('name')
    .where('org', '=', org)
    .executeTakeFirstOrThrow();
  const given = roleGivenMail({
    ...{ name, email: person.email, role: roleWords[role], by },
    url: `${url}/organisations/${org}/people`,
  });
  for (const { email } of watching) await queueMail(tx, { org, recipient: email, ...given }, now());
  const to = { org, recipient: person.email };
  if (link === null) {
    const mail = roleGrantedMail({ name, url: `${url}/auth/staff/sign-in`, role: roleWords[role] });
    await queueMail(tx, { ...to, ...mail }, now());
    return;
  }
  const mail = invitationMail({ name, url: link, hours: invitationHours, role: roleWords[role] });
  await queueLinkMail(tx, cover, { ...to, ...mail }, now());
}
