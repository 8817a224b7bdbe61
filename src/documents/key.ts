/** The organisation's key: read with care, never printed, and never used itself but through derived keys (E1, E11). */
import { hkdfSync } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NotAFileError, readRegular } from './regular-file.ts';

export type KeyErrorCode = 'key-missing' | 'key-permissions' | 'key-malformed';
export class KeyError extends Error {
  readonly code: KeyErrorCode;
  constructor(code: KeyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyError';
    this.code = code;
  }
}

export const keyFile = 'keys/organisation.key';

/** The 32 bytes of the key of the workspace at `root`. Throws `KeyError`; no message holds any of the key. */
export async function readKey(root: string): Promise<Buffer> {
  const path = join(root, keyFile);
  requirePrivate(path, '600', (await found(stat(path), path)).mode);
  // Who may write to the folder may put another key there.
  requirePrivate(dirname(path), '700', (await found(stat(dirname(path)), path)).mode);
  const text = (await found(readRegular(path), path)).toString('utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new KeyError(
      'key-malformed',
      `${path} does not hold 64 hex digits; put the right key back, or lists and proofs made under it are lost`,
    );
  }
  const key = Buffer.from(text, 'hex');
  if (key.every((byte) => byte === 0)) {
    throw new KeyError(
      'key-malformed',
      `${path} holds nothing but zeros, which anyone can guess; put the right key back, or make one: astold init`,
    );
  }
  return key;
}

function requirePrivate(path: string, wanted: '600' | '700', mode: number): void {
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  const seen = (mode & 0o777).toString(8).padStart(3, '0');
  throw new KeyError(
    'key-permissions',
    `${path} is open to others (mode ${seen}); run: chmod ${wanted} ${path}`,
  );
}

async function found<T>(reading: Promise<T>, path: string): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (cause instanceof NotAFileError)
      throw new KeyError('key-malformed', `${path} holds no key: ${cause.message}`, { cause });
    throw new KeyError('key-missing', `${path} cannot be read; astold init makes one for a new workspace`, {
      cause,
    });
  }
}

/** A key for one use, as 32 ASCII characters: the base64url of 24 bytes of HKDF-SHA-256 over the master, salt empty. */
export function deriveKey(master: Buffer, info: string): string {
  return Buffer.from(hkdfSync('sha256', master, '', info, 24)).toString('base64url');
}
