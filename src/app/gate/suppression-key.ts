/** What is left of a record id when a person is erased: a keyed hash, by which their stop still reaches them (E8). */
import { tokenKey } from '../../bulk/secrets.ts';
import { VaultError } from '../../bulk/vault.ts';
import { deriveKey, readKeyOf, readKeys } from '../../documents/key.ts';
import { keyedHash } from '../../roster/token.ts';

const info = 'astold/1/suppression';

/**
 * What the ids of a source are hashed under: 32 ASCII characters. It follows the key that the source's tokens began
 * with, which a rotation does not change: otherwise whoever was erased before it would be found no more. A source
 * without secrets has nobody who was erased. Errors: KeyError, VaultError.
 */
export async function suppressionKey(root: string, source: string): Promise<string> {
  return deriveKey((await keyOf(root, source)).key, info);
}

async function keyOf(root: string, source: string) {
  try {
    return await readKeyOf(root, (await tokenKey(root, source)).keyId);
  } catch (error) {
    if (error instanceof VaultError && error.code === 'secrets-missing')
      return (await readKeys(root)).current;
    throw error;
  }
}

/** What stands for a record id: 32 hex digits. */
export const suppressed = (key: string, record: string): string => keyedHash(key, record);
/** How it is written where a record id would be. */
export const suppressedRecord = (hash: string): string => `key:${hash}`;
