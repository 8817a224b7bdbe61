/** `astold key rotate`: a new key of the organisation; those before it stay, so that old releases can be checked. */
import { randomBytes } from 'node:crypto';
import { chmod, link, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../../bulk/vault.ts';
import { earlierKeyFile, keyFile, keyId, readKeys } from '../../documents/key.ts';

export type Rotated = {
  readonly id: string;
  readonly earlier: { readonly id: string; readonly file: string };
};

/**
 * Killed at any instant, no key is lost: the old one has its second name before the new one takes the first. Throws
 * KeyError where any key of the workspace cannot be read, VaultError `vault-busy`; then nothing has changed.
 */
export async function rotateKey(root: string): Promise<Rotated> {
  // Before the lock is made: where there is no key there is nothing to rotate.
  await readKeys(root);
  const folder = join(root, 'keys');
  return withLock(join(folder, 'lock'), 'the keys', async () => {
    const { current, earlier } = await readKeys(root);
    // A run that was killed may have kept it already.
    const kept = earlier.find(({ id }) => id === current.id)?.file;
    const file = kept ?? earlierKeyFile(1 + Math.max(0, ...earlier.map((key) => numberOf(key.file))));
    if (kept === undefined) await link(join(root, keyFile), join(root, file));
    await syncFolder(folder);
    const fresh = randomBytes(32);
    const aside = join(folder, `.organisation.key.${process.pid}.aside`);
    try {
      await writeKey(aside, fresh);
      await rename(aside, join(root, keyFile));
    } finally {
      await rm(aside, { force: true });
    }
    await syncFolder(folder);
    return { id: keyId(fresh), earlier: { id: current.id, file } };
  });
}

const numberOf = (file: string): number => Number(/-(\d+)\.key$/.exec(file)?.[1] ?? 0);

async function writeKey(path: string, key: Buffer): Promise<void> {
  await rm(path, { force: true });
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(`${key.toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(path, 0o600);
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
