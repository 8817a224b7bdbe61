/** What the use cases of roles and keys need of people's accounts; `http/auth` keeps those. Never asked in a transaction. */
import type { StaffRole } from '../../store/postgres/tables.ts';
import type { Service } from './service.ts';

export type Person = { readonly person: string; readonly email: string; readonly name: string };

export type NewKey = {
  readonly org: string;
  readonly madeBy: string;
  readonly name: string;
  readonly roles: readonly StaffRole[];
  readonly party: string | null;
  readonly days: number;
};
export type KeyRow = {
  readonly id: string;
  readonly org: string;
  readonly name: string;
  /** Its first characters, by which people tell it from others. */
  readonly start: string;
  readonly roles: readonly StaffRole[];
  readonly party: string | null;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly stopped: boolean;
};

export type Accounts = {
  /** The person with this address; their account is made, without a password, where there is none. */
  personOf(email: string, name: string): Promise<Person>;
  /** The person with this address; null where there is no account. */
  personAt(email: string): Promise<Person | null>;
  people(ids: readonly string[]): Promise<ReadonlyMap<string, Person>>;
  /** A link to set a first password, good once and for `hours`; null for somebody who has one. */
  invitation(person: string, hours: number): Promise<string | null>;
  /** Takes password, second factor, sessions and links of them: they begin again with an invitation. */
  reset(person: string): Promise<void>;
  keys(org: string): Promise<readonly KeyRow[]>;
  makeKey(key: NewKey): Promise<{ readonly key: KeyRow; readonly secret: string }>;
  /** False where there is no such key, or it was stopped before. */
  stopKey(org: string, key: string): Promise<boolean>;
  /** Of sessions and links what is over, and of members who are signed in nowhere their accounts: every hour. */
  forgetOver(): Promise<void>;
  /** Signs a member out of an organisation, and takes their account where they are signed in nowhere else. */
  forgetMember(org: string, email: string): Promise<void>;
};

export type AccountsService = Service & { readonly accounts: Accounts };
