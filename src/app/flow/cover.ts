/**
 * What the state has to keep and a copy of it must not tell: secrets of webhooks, and links on their way. Sealed under a key of
 * the service's own secret, which is kept apart from the state (`auth.key`, or the environment).
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export type Cover = {
  /** `place` is what it is of, such as `webhook ORG ID`: it opens there and nowhere else. */
  seal(place: string, text: string): string;
  /** Throws CoverError: sealed under another secret, of another place, altered, or not sealed. */
  open(place: string, sealed: string): string;
};

export class CoverError extends Error {
  readonly code = 'sealed-otherwise';
  constructor(options?: ErrorOptions) {
    super('this was sealed under another secret (auth.key, ASTOLD_AUTH_SECRET), or altered', options);
    this.name = 'CoverError';
  }
}

const cipher = 'aes-256-gcm';
const prefix = 'sealed-1.';
const [nonceBytes, tagBytes] = [12, 16];

export const isSealed = (text: string): boolean => text.startsWith(prefix);

/** `secret` is used for nothing but the key that is derived from it. */
export function coverOf(secret: string): Cover {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'astold/1/kept-in-the-state', 32));
  return {
    seal(place, text) {
      const nonce = randomBytes(nonceBytes);
      const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([nonce, sealing.update(text, 'utf8'), sealing.final()]);
      return prefix + Buffer.concat([sealed, sealing.getAuthTag()]).toString('base64url');
    },
    open(place, text) {
      const sealed = Buffer.from(isSealed(text) ? text.slice(prefix.length) : '', 'base64url');
      if (sealed.length < nonceBytes + tagBytes) throw new CoverError();
      const end = sealed.length - tagBytes;
      try {
        const opening = createDecipheriv(cipher, key, sealed.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        });
        opening.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(end));
        return Buffer.concat([opening.update(sealed.subarray(nonceBytes, end)), opening.final()]).toString();
      } catch (error) {
        throw new CoverError({ cause: error });
      }
    },
  };
}

export const ofWebhook = (row: { readonly org: string; readonly id: string }): string =>
  `webhook ${row.org} ${row.id}`;
export const ofMail = (row: { readonly org: string; readonly id: string }): string =>
  `mail ${row.org} ${row.id}`;
