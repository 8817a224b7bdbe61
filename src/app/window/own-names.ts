/** The member's own records as pages call them: by their place, and by a name where one may be shown. */
import type { Actor, Service } from '../flow/service.ts';
import { ownHeld, roleText } from './held-record.ts';
import { isOwnSafe } from './safe-contact.ts';

/** `name`: null where the record holds none, or where none is to stand on a screen. */
export type OwnName = { readonly number: number; readonly name: string | null };

/** Numbered from 1, in the order of `ownKeyed`. Errors: those of the ingest, KeyError. */
export async function ownNames(
  service: Service,
  actor: Extract<Actor, { kind: 'member' }>,
): Promise<readonly OwnName[]> {
  const held = await ownHeld(service, actor);
  const unnamed = await isOwnSafe(service, actor);
  return held.map((one, i) => {
    const parts = [roleText(one, 'forename'), roleText(one, 'surname')].filter((part) => part !== null);
    return { number: i + 1, name: unnamed || parts.length === 0 ? null : parts.join(' ') };
  });
}
