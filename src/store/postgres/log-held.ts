/** A log that may be older than what was published of it: nothing is added to it until somebody says what that was. */

export type Held =
  /** By a backup of that instant. */
  | { readonly kind: 'restored'; readonly made: string }
  /** A checkpoint was published, and does not stand in the folder. */
  | { readonly kind: 'checkpoint-gone' };

const restored = 'restored ';

/** What a head has as `published` once a backup of that instant was put back. */
export const heldSince = (made: string): string => `${restored}${made}`;

/** `published` is of the head, `standing` the checkpoint in the folder. Null: nothing holds it. */
export function heldBy(published: string, standing: string | null): Held | null {
  if (published.startsWith(restored)) return { kind: 'restored', made: published.slice(restored.length) };
  return published !== '' && standing === null ? { kind: 'checkpoint-gone' } : null;
}
