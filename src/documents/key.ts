/** The organisation's key: read with care, never printed, and never used itself but through derived keys (E1, E11). */
import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { chmod, type FileHandle, mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileError, readRegular } from './regular-file.ts';

export type KeyErrorCode = 'key-missing' | 'key-permissions' | 'key-malformed' | 'key-unknown';
export class KeyError extends Error {
  readonly code: KeyErrorCode;
  constructor(code: KeyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyError';
    this.code = code;
  }
}

export const keyFile = 'keys/organisation.key';
const earlierPattern = /^organisation-([1-9]\d{0,5})\.key$/;
/** Where a key is kept once another has taken its place; `n` from 1. */
export const earlierKeyFile = (n: number): string => `keys/organisation-${n}.key`;

/** 32 random bytes as hex, readable by the owner alone. Never overwrites: losing a key loses all that was made under it. */
export async function createKey(root: string): Promise<'made' | 'kept'> {
  const path = join(root, keyFile);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await chmod(dirname(path), 0o700);
  let handle: FileHandle;
  try {
    handle = await open(path, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return 'kept';
    throw error;
  }
  try {
    await handle.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return 'made';
}

/** The 32 bytes of the key of the workspace at `root`. Throws `KeyError`; no message holds any of the key. */
export const readKey = (root: string): Promise<Buffer> => readKeyFile(join(root, keyFile));

export type OrganisationKey = {
  /** Which key it is, told to anyone: it tells nothing of the key. */
  readonly id: string;
  readonly key: Buffer;
  /** Relative to the workspace. */
  readonly file: string;
};
export type OrganisationKeys = {
  readonly current: OrganisationKey;
  /** Those before it, the latest first. */
  readonly earlier: readonly OrganisationKey[];
};

/** Every key the workspace ever had. Throws `KeyError` where any of them cannot be read. */
export async function readKeys(root: string): Promise<OrganisationKeys> {
  const current = keyOf(keyFile, await readKey(root));
  const numbers = (await readdir(dirname(join(root, keyFile))))
    .flatMap((name) => earlierPattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
  const earlier: OrganisationKey[] = [];
  for (const n of numbers)
    earlier.push(keyOf(earlierKeyFile(n), await readKeyFile(join(root, earlierKeyFile(n)))));
  return { current, earlier };
}

/** The key of that id, whether it is the current one or an earlier one. Throws `KeyError` `key-unknown`. */
export async function readKeyOf(root: string, id: string): Promise<OrganisationKey> {
  const { current, earlier } = await readKeys(root);
  const found = [current, ...earlier].find((key) => key.id === id);
  if (found) return found;
  throw new KeyError(
    'key-unknown',
    `what was asked was made under the key ${id}, and none of the ${1 + earlier.length} in ${dirname(keyFile)} is that; put it back from where you keep copies`,
  );
}

const keyOf = (file: string, key: Buffer): OrganisationKey => ({ id: keyId(key), key, file });

/** The first 16 hex digits of SHA-256 of a key derived for nothing else. */
export function keyId(key: Buffer): string {
  return createHash('sha256').update(deriveKey(key, 'astold/1/key-id')).digest('hex').slice(0, 16);
}

async function readKeyFile(path: string): Promise<Buffer> {
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

/** Requires of a file or folder with that mode that its owner alone can use it. Throws KeyError `key-permissions`. */
export function requirePrivate(path: string, wanted: '600' | '700', mode: number): void {
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
    if (cause instanceof FileError)
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
