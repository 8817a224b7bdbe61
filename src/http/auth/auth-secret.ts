/** The secret under which cookies are signed and second factors encrypted: given, or one file of its own. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AuthError } from './auth-error.ts';

export const authSecretFile = 'auth.key';
const shortest = 32;

/**
 * `given` is what the environment says, or null: then that of `<data>/auth.key`, made (0600) where there is none; of two
 * servers that start at once both read the same. Losing it ends every session and every second factor. Throws AuthError.
 */
export async function authSecret(place: { readonly data: string; readonly given: string | null }) {
  const path = join(place.data, authSecretFile);
  const secret = place.given ?? ((await readSecret(path)) || (await makeSecret(place.data, path)));
  if (secret.length >= shortest) return secret;
  const where = place.given === null ? path : 'ASTOLD_AUTH_SECRET';
  throw new AuthError('secret-too-short', `${where} has fewer than ${shortest} characters`);
}

/** Null where there is no file; one that is empty is too short, and not made anew. */
async function readSecret(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim() || ' ';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function makeSecret(data: string, path: string): Promise<string> {
  await mkdir(data, { recursive: true });
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(aside, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(48).toString('base64url')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // Whole or not at all, and only the first of two.
    await link(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(aside);
  }
  return (await readSecret(path)) ?? '';
}
