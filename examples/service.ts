/**
 * The example club on a server that is tried out: its documents and its people, the keys of the mailing house that
 * receives, and a first request. All invented.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, parseDocument } from 'yaml';
import type { AccountsService } from '../src/app/flow/accounts.ts';
import { createOrganisation } from '../src/app/flow/create-organisation.ts';
import { grantRole } from '../src/app/flow/grant-role.ts';
import { makeFirstOfficer } from '../src/app/flow/make-first-officer.ts';
import { perform } from '../src/app/flow/perform.ts';
import { requestRelease } from '../src/app/flow/request-release.ts';
import type { Actor, Answer } from '../src/app/flow/service.ts';
import { recipientKeys } from '../src/app/supply/recipient-keys.ts';
import type { StaffRole } from '../src/store/postgres/tables.ts';

const folder = join(import.meta.dirname, 'toy-offer');
export const exampleOrg = 'poppy-lane';
const recipient = 'quayside-print';

export type ExamplePerson = {
  readonly role: StaffRole;
  readonly name: string;
  readonly email: string;
  readonly party: string | null;
  readonly mayFreeze: boolean;
};
export const people: readonly ExamplePerson[] = [
  {
    role: 'officer',
    name: 'Olive Officer',
    email: 'olive@poppy-lane.example',
    party: null,
    mayFreeze: false,
  },
  { role: 'steward', name: 'Sam Steward', email: 'sam@poppy-lane.example', party: null, mayFreeze: false },
  {
    role: 'recipient',
    name: 'Quinn Quayside',
    email: 'quinn@quayside-print.example',
    party: recipient,
    mayFreeze: false,
  },
  { role: 'auditor', name: 'Ada Auditor', email: 'ada@regulator.example', party: null, mayFreeze: true },
];
/** Robyn Fletcher, on record with this address. */
export const exampleMember = 'r.1@mail.example';

/** Where the recipient's keys are: `age.key` and `sign.key` are secret, and are here for trying out alone. */
export const exampleKeys = (data: string): string => join(data, '_example', recipient);

/** Does nothing where the club is there already. Throws RangeError where the example does not fit the program. */
export async function loadExample(service: AccountsService): Promise<void> {
  if ((await service.state.organisations()).some(({ org }) => org === exampleOrg)) return;
  const keys = await recipientKeys(recipient, exampleKeys(service.data));
  const register = await withKeys(keys.ageKey, keys.signingKey);
  must(
    await createOrganisation(service, {
      ...{ org: exampleOrg, name: "Poppy Lane Parents' Club", folder },
      instead: new Map([['organisations.yaml', register]]),
    }),
  );
  const { name, email } = personOf('officer');
  must(await makeFirstOfficer(service, { org: exampleOrg, name, email }));
  const officer = await actorOf(service, 'officer');
  for (const { role, ...person } of people)
    if (role !== 'officer') must(await grantRole(service, officer, { role, ...person }));
  const text = await readFile(join(folder, 'requests/toy-offer.yaml'), 'utf8');
  const { 'prepared-by': _, ...document } = parse(text);
  const steward = await actorOf(service, 'steward');
  must(
    await perform(service, steward, 'request-release', document.request, () =>
      requestRelease(service, steward, { recipient, document, version: 0 }),
    ),
  );
}

/** The register of the example, with the keys that supplies for the mailing house are sealed to and signed by. */
async function withKeys(ageKey: string, signingKey: string): Promise<string> {
  const register = parseDocument(await readFile(join(folder, 'organisations.yaml'), 'utf8'));
  const { organisations } = register.toJS() as { organisations: readonly { id: string }[] };
  const place = organisations.findIndex(({ id }) => id === recipient);
  register.setIn(['organisations', place, 'age-key'], ageKey);
  register.setIn(['organisations', place, 'signing-key'], signingKey);
  return register.toString();
}

function personOf(role: StaffRole): ExamplePerson {
  const found = people.find((each) => each.role === role);
  if (found === undefined) throw new RangeError(`the example has no ${role}`);
  return found;
}

async function actorOf({ accounts }: AccountsService, role: 'officer' | 'steward'): Promise<Actor> {
  const { email, name } = personOf(role);
  const { person } = await accounts.personOf(email, name);
  return {
    kind: 'staff',
    id: person,
    org: exampleOrg,
    roles: new Set([role]),
    party: null,
    mayFreeze: false,
  };
}

function must<T>(answer: Answer<T>): T {
  if (answer.kind === 'done') return answer.value;
  throw new RangeError(`the example does not load: ${answer.code}, ${answer.message}`);
}
