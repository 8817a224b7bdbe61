/** What the square on a printed receipt says, and how it is read back. */
import type { Receipt } from './receipt.ts';

/**
 * `ASTOLD1:EVENT:ENTRY:TOKEN`, in capitals, which squares hold in half the room. The entry is looked for in the published
 * log; the token, where there is one, answers for every release.
 */
export function qrText({
  content,
  entry,
  token,
}: Pick<Receipt, 'entry' | 'token'> & { readonly content: { readonly event: string } }): string {
  return `ASTOLD1:${content.event}:${entry}:${token ?? ''}`.toUpperCase();
}

export type Square = { readonly event: string; readonly entry: string };

/** What was typed or scanned; the token in it is not read. Null where it is no such text. */
export function parseSquare(typed: string): Square | null {
  const bare = typed.normalize('NFKC').replace(/\s/g, '').toLowerCase();
  const [, event, entry] = /^astold1:([a-z0-9-]{1,80}):([0-9a-f]{64}):[a-z0-9-]{0,80}$/.exec(bare) ?? [];
  return event === undefined || entry === undefined ? null : { event, entry };
}
