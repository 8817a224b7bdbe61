/**
 * Somebody of the staff lost their second factor: whoever runs the server takes away what they signed in with, and they begin
 * anew by a link to their address. Nobody can do it over the network.
 */
import { z } from 'zod';
import { factorResetMail, personResetMail } from '../../mail/texts.ts';
import type { State } from '../../store/postgres/state.ts';
import type { AccountsService, Person } from './accounts.ts';
import { factorResetHours } from './link-lasts.ts';
import { queueLinkMail, queueMail } from './queue-mail.ts';
import { type Answer, done, refused } from './service.ts';
import { whoWatches } from './who-watches.ts';

export const resetPersonInput = z.strictObject({ email: z.email().max(254).toLowerCase() });
export type PersonReset = {
  readonly person: string;
  readonly email: string;
  /** In which they have a role: the deed is written down there, and their officers and auditors are told. */
  readonly organisations: readonly string[];
};
type Organisation = { readonly org: string; readonly name: string };

/** As it stands in the list of deeds: no person's account did it. */
const operator = 'operator:server';

/** Refuses `not-found` for an address that nobody with a role has. A run that was cut short is made again. */
export async function resetPerson(
  service: AccountsService,
  { email }: z.output<typeof resetPersonInput>,
): Promise<Answer<PersonReset>> {
  const { accounts, state, cover, now } = service;
  const person = await accounts.personAt(email);
  const organisations = person === null ? [] : await rolesOf(state, person);
  if (person === null || organisations.length === 0)
    return refused('not-found', `nobody with the address ${email} has a role here`);
  // Before it is done: whatever happens in between, nobody is reset of whom nobody hears.
  for (const each of organisations) await writeDown(service, each, person);
  await accounts.reset(person.person);
  const url = await accounts.invitation(person.person, factorResetHours);
  if (url !== null) {
    const mail = factorResetMail({ url, hours: factorResetHours });
    await state.as('*', (tx) =>
      queueLinkMail(tx, cover, { org: '*', recipient: person.email, ...mail }, now()),
    );
  }
  return done({
    ...{ person: person.person, email: person.email },
    organisations: organisations.map(({ org }) => org),
  });
}

const rolesOf = (state: State, { person }: Person): Promise<readonly Organisation[]> =>
  state.asPerson(person, (tx) =>
    tx
      .selectFrom('staff_role')
      .innerJoin('organisation', 'organisation.org', 'staff_role.org')
      .select(['organisation.org', 'organisation.name'])
      .distinct()
      .where('staff_role.person', '=', person)
      .orderBy('organisation.org')
      .execute(),
  );

/** The deed, and the mails to those who watch: its other officers, and its auditors. */
async function writeDown(
  { accounts, state, now, url }: AccountsService,
  { org, name }: Organisation,
  { person, email }: Person,
): Promise<void> {
  const watching = await whoWatches({ accounts, state }, org, [person]);
  const mail = personResetMail({ name, email, url: `${url}/organisations/${org}` });
  await state.as(org, async (tx) => {
    const deed = { org, at: now(), actor: operator, use_case: 'reset-person' };
    await tx
      .insertInto('deed')
      .values({ ...deed, subject: person, outcome: 'done' })
      .execute();
    for (const to of watching) await queueMail(tx, { org, recipient: to.email, ...mail }, now());
  });
}
