/** A key by which a machine asks: it may never do more than whoever makes it may give. */
import { z } from 'zod';
import { keyMadeMail } from '../../mail/texts.ts';
import type { AccountsService, KeyRow, Person } from './accounts.ts';
import { rightsOfKey } from './key-rights.ts';
import { keyView, viewOfKey } from './key-view.ts';
import { queueMail } from './queue-mail.ts';
import { registerOf } from './register-of.ts';
import { partyId, roleWords, staffRole } from './role-view.ts';
import { type Actor, type Answer, done, refused } from './service.ts';
import { whoWatches } from './who-watches.ts';

export const makeKeyInput = z.strictObject({
  name: z.string().trim().min(1).max(80),
  roles: z.array(staffRole).min(1).max(4),
  party: partyId.nullable().default(null).meta({ description: 'Of a recipient, and of nobody else' }),
  days: z.int().min(1).max(365).default(90),
});
export const madeKeyView = keyView
  .extend({ secret: z.string().meta({ description: 'Shown this once' }) })
  .meta({ id: 'MadeKey' });
export type MadeKeyView = z.output<typeof madeKeyView>;

export async function makeKey(
  service: AccountsService,
  actor: Actor,
  { name, roles, party, days }: z.output<typeof makeKeyInput>,
): Promise<Answer<MadeKeyView>> {
  const { accounts, state } = service;
  if (actor.kind !== 'staff') return refused('not-allowed', 'keys are made by people, not by keys');
  const wanted = { roles: new Set(roles), party };
  const given = rightsOfKey(actor, wanted);
  if (given.size === 0)
    return refused(
      'input-invalid',
      'an officer gives any role, a recipient its own of its own party; who acts for a party does nothing else',
    );
  const known =
    party === null || (await state.as(actor.org, (tx) => registerOf(tx, actor.org))).organisations.has(party);
  if (!known) return refused('input-invalid', `no organisation ${party} stands in organisations.yaml`);
  const watching = await whoWatches(service, actor.org, [actor.id]);
  const made = await accounts.makeKey({
    ...{ org: actor.org, madeBy: actor.id, name, roles: [...given], party, days },
  });
  await tell(service, actor, made.key, watching);
  return done({ ...viewOfKey(made.key), secret: made.secret });
}

async function tell(
  { accounts, state, now, url }: AccountsService,
  { org, id }: Pick<Actor, 'org' | 'id'>,
  { name: key, roles }: KeyRow,
  watching: readonly Person[],
): Promise<void> {
  const by = (await accounts.people([id])).get(id)?.email ?? id;
  await state.as(org, async (tx) => {
    const { name } = await tx
      .selectFrom('organisation')
      .select('name')
      .where('org', '=', org)
      .executeTakeFirstOrThrow();
    const words = roles.map((role) => roleWords[role]).join(' and ');
    const mail = keyMadeMail({ name, key, roles: words, by, url: `${url}/organisations/${org}/deeds` });
    for (const { email } of watching) await queueMail(tx, { org, recipient: email, ...mail }, now());
  });
}
