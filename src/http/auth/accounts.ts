/** People's accounts as the use cases ask for them. */
import { generateRandomString } from 'better-auth/crypto';
import type { Accounts, Person } from '../../app/flow/accounts.ts';
import type { Auths } from './auths.ts';
import { forgetMember } from './forget-member.ts';
import { forgetOver } from './forget-over.ts';
import { machineKeys, makeMachineKey, stopMachineKey } from './machine-keys.ts';
import { passwordUrl } from './mails.ts';
import { resetAccount } from './reset-account.ts';

/** Who makes accounts: a grant of a role, never the person. */
const source = { method: 'admin' } as const;

type User = { readonly id: string; readonly email: string; readonly name: string };

export function accountsOf(auths: Auths): Accounts {
  return {
    personOf: (email, name) => personOf(auths, email.toLowerCase(), name),
    personAt: (email) => personAt(auths, email.toLowerCase()),
    people: (ids) => people(auths, ids),
    invitation: (person, hours) => invitation(auths, person, hours),
    reset: (person) => resetAccount(auths, person),
    keys: (org) => machineKeys(auths, org),
    makeKey: (key) => makeMachineKey(auths, key),
    stopKey: (org, key) => stopMachineKey(auths, org, key),
    forgetOver: () => forgetOver(auths),
    forgetMember: (org, email) => forgetMember(auths, org, email),
  };
}

async function personOf(auths: Auths, email: string, name: string): Promise<Person> {
  const { internalAdapter } = await auths.staff.$context;
  const standing = await internalAdapter.findUserByEmail(email);
  if (standing !== null) return personIn(standing.user);
  try {
    return personIn(await internalAdapter.createUser({ email, name, emailVerified: false }, source));
  } catch (error) {
    // Somebody else made it meanwhile: there is one account of an address.
    const made = await internalAdapter.findUserByEmail(email);
    if (made === null) throw error;
    return personIn(made.user);
  }
}

async function personAt(auths: Auths, email: string): Promise<Person | null> {
  const { internalAdapter } = await auths.staff.$context;
  const found = await internalAdapter.findUserByEmail(email);
  return found === null ? null : personIn(found.user);
}

async function people(auths: Auths, ids: readonly string[]): Promise<ReadonlyMap<string, Person>> {
  if (ids.length === 0) return new Map();
  const { adapter } = await auths.staff.$context;
  const found = await adapter.findMany<User>({
    model: 'user',
    where: [{ field: 'id', operator: 'in', value: [...ids] }],
    limit: ids.length,
  });
  return new Map(found.map((user) => [user.id, personIn(user)]));
}

/** better-auth's own means of setting a password anew sets the first one as well. */
async function invitation(auths: Auths, person: string, hours: number): Promise<string | null> {
  const { internalAdapter } = await auths.staff.$context;
  const account = await internalAdapter.findCredentialAccount(person);
  if (account?.password) return null;
  const token = generateRandomString(32);
  await internalAdapter.createVerificationValue({
    identifier: `reset-password:${token}`,
    value: person,
    expiresAt: new Date(Date.now() + hours * 3600_000),
  });
  return passwordUrl(auths.settings.url, token);
}

const personIn = ({ id, email, name }: User): Person => ({ person: id, email, name });
