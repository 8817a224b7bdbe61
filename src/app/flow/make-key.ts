/** A key by which a machine asks: it may never do more than whoever makes it may give. */
import { z } from 'zod';
import { keyMadeMail } from '../../mail/texts.ts';
import type { Accounts, AccountsService, KeyRow, Person } from './accounts.ts';
import { rightsOfKey } from './key-rights.ts';
import { keyView, viewOfKey } from './key-view.ts';
import { queueMail } from './queue-mail.ts';
import { registerOf } from './register-of.ts';
import { partyId, roleWords, staffRole } from './role-view.ts';
import { type Actor, type Answer, done, refused } from './service.ts';
import { whoWatches } from './who-watches.ts';

/** It stands in a mail to others: nothing that breaks a line or turns the reading, and no address to follow. */
const isPlain = (name: string): boolean => !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|:\/\//u.test(name);

export const makeKeyInput = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .refine(isPlain, 'no control characters, and no address')
    .meta({ description: 'Without control characters and addresses' }),
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
  if ((await countedKeys(service, actor)) >= mostKeys) return tooMany;
  const watching = await whoWatches(service, actor.org, [actor.id]);
  const made = await accounts.makeKey({
    ...{ org: actor.org, madeBy: actor.id, name, roles: [...given], party, days },
  });
  // Others may have been made at the same time: then this one never was.
  if ((await countedKeys(service, actor)) > mostKeys) {
    await accounts.stopKey(actor.org, made.key.id);
    return tooMany;
  }
  await tell(service, actor, made.key, watching);
  return done({ ...viewOfKey(made.key), secret: made.secret });
}

/** Of one person: each is a mail to every officer and auditor. */
const mostKeys = 20;
const day = 86_400_000;
const tooMany = refused(
  'wrong-state',
  `nobody has more than ${mostKeys} keys that hold or were made within a day: stop some, or come back tomorrow`,
);

/** Those of whoever asks that hold, and those of the last day though they were stopped. */
async function countedKeys(
  { accounts, now }: { readonly accounts: Pick<Accounts, 'keys'>; readonly now: () => Date },
  { org, id }: Pick<Actor, 'org' | 'id'>,
): Promise<number> {
  const at = now().getTime();
  const holds = ({ stopped, expiresAt }: KeyRow) =>
    !stopped && (expiresAt === null || expiresAt.getTime() > at);
  const own = (await accounts.keys(org)).filter(({ madeBy }) => madeBy === id);
  return own.filter((row) => holds(row) || row.madeAt.getTime() > at - day).length;
}

async function tell(
  { accounts, state, now, url }: AccountsService,
  { org, id }: Pick<Actor, 'org' | 'id'>,
  { id: key, name: called, roles }: KeyRow,
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
    const mail = keyMadeMail({
      ...{ name, id: key, key: called, roles: words, by },
      url: `${url}/organisations/${org}/deeds`,
    });
    for (const { email } of watching) await queueMail(tx, { org, recipient: email, ...mail }, now());
  });
}
