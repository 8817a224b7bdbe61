/** The keys of machines that ask for the organisation, the latest first. */
import type { z } from 'zod';
import type { AccountsService } from './accounts.ts';
import { type Page, pageInput, pageOf, pageView, partsOf } from './cursor.ts';
import { type KeyView, keyView, reaches, viewOfKey } from './key-view.ts';
import { type Actor, type Answer, done, refused } from './service.ts';

export const listKeysInput = pageInput;
export const keysView = pageView(keyView);

export async function listKeys(
  { accounts }: AccountsService,
  actor: Actor,
  { cursor, limit }: z.output<typeof listKeysInput>,
): Promise<Answer<Page<KeyView>>> {
  const after = cursor === undefined ? null : partsOf(cursor, 1);
  if (cursor !== undefined && after === null)
    return refused('input-invalid', 'the cursor is none of this list');
  // They are few: people make them by hand.
  const views = (await accounts.keys(actor.org)).filter((row) => reaches(actor, row)).map(viewOfKey);
  const start = after === null ? 0 : views.findIndex(({ key }) => key === after[0]) + 1;
  if (after !== null && start === 0) return refused('input-invalid', 'the key of the cursor is no more');
  return done(pageOf(views.slice(start, start + limit + 1), limit, ({ key }) => [key]));
}
