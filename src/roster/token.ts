/**
 * Tokens and leaves (E1): what links a record to its place in rosters, and nobody else can. The SQL that does the
 * same for every record is `src/bulk/tokens.ts`.
 */
import { hash } from 'node:crypto';
import { RosterError } from './roster-error.ts';

/** Hex digits of a token, a leaf, a nonce or a salt: 128 bits. */
export const hexDigits = 32;
const hex32 = /^[0-9a-f]{32}$/;
export const isHex32 = (text: string): boolean => hex32.test(text);

/** What a derived key of the organisation is for: the master tokens of a source. */
export const masterKeyInfo = (source: string): string => `astold/1/master/${source}`;

/** The first 32 hex digits of SHA-256(key || text); the key is 32 ASCII characters. Throws RangeError. */
export function keyedHash(key: string, text: string): string {
  if (!/^[\x20-\x7e]{32}$/.test(key)) throw new RangeError('the key of a keyed hash is 32 ASCII characters');
  return hash('sha256', key + text).slice(0, hexDigits);
}

/** The token of a record: it leaves the organisation only to the person. `key` is derived for `masterKeyInfo`. */
export function masterToken(key: string, nonce: string, record: string): string {
  if (!isHex32(nonce)) throw new RangeError('a nonce is 32 lower-case hex digits');
  return keyedHash(key, nonce + record);
}

/** The token of a person for one release: what a proof shows. It tells nothing of the master, nor of other releases. */
export function releaseToken(master: string, release: string): string {
  if (!isHex32(master)) throw new RangeError('a master token is 32 lower-case hex digits');
  return keyedHash(master, release);
}

/** What stands in the roster for a release token. */
export function leafOf(token: string): string {
  if (!isHex32(token)) throw new RangeError('a release token is 32 lower-case hex digits');
  return hash('sha256', token).slice(0, hexDigits);
}

/** A master token as it is given to people: with four digits more, so that one mistyped is not taken for another's. */
export function printToken(master: string): string {
  if (!isHex32(master)) throw new RangeError('a master token is 32 lower-case hex digits');
  return `${master}-${checkOf(master)}`;
}

/** A master token as somebody gave it, with its check digits or from a file without. Throws RosterError `token-malformed`. */
export function parseToken(text: string): string {
  const [master = '', check = null, ...rest] = text.trim().toLowerCase().split('-');
  if (!isHex32(master) || rest.length > 0)
    throw new RosterError('token-malformed', 'a token is 32 hex digits, as it stands on the receipt');
  if (check !== null && check !== checkOf(master))
    throw new RosterError(
      'token-malformed',
      'the token is mistyped: its last four digits do not fit the rest',
    );
  return master;
}

const checkOf = (master: string): string => hash('sha256', `astold/token/1\n${master}`).slice(0, 4);
