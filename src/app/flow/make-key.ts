/** A key by which a machine asks: it may never do more than whoever makes it may give. */
import { z } from 'zod';
import type { AccountsService } from './accounts.ts';
import { rightsOfKey } from './key-rights.ts';
import { keyView, viewOfKey } from './key-view.ts';
import { registerOf } from './register-of.ts';
import { partyId, staffRole } from './role-view.ts';
import { type Actor, type Answer, done, refused } from './service.ts';

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
  { accounts, state }: AccountsService,
  actor: Actor,
  { name, roles, party, days }: z.output<typeof makeKeyInput>,
): Promise<Answer<MadeKeyView>> {
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
  const made = await accounts.makeKey({
    ...{ org: actor.org, madeBy: actor.id, name, roles: [...given], party, days },
  });
  return done({ ...viewOfKey(made.key), secret: made.secret });
}
