/** A key is stopped, at once and for good; it stays in the list. */
import { z } from 'zod';
import type { AccountsService } from './accounts.ts';
import { type KeyView, reaches, viewOfKey } from './key-view.ts';
import { type Actor, type Answer, done, refused } from './service.ts';

export const stopKeyInput = z.strictObject({ key: z.string().min(1).max(100) });

export async function stopKey(
  { accounts }: AccountsService,
  actor: Actor,
  { key }: z.output<typeof stopKeyInput>,
): Promise<Answer<KeyView>> {
  const row = (await accounts.keys(actor.org)).find(({ id }) => id === key);
  if (row === undefined || !reaches(actor, row)) return refused('not-found', 'there is no such key');
  const stopped = await accounts.stopKey(actor.org, key);
  if (!stopped) return refused('already-done', 'it was stopped before');
  return done(viewOfKey({ ...row, stopped: true }));
}
