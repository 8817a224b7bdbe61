/** `astold recipient-keys`: the two key pairs that a recipient needs, and what its supplier is to be told of them. */
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createSigningKey, readSigningKey } from '../../documents/log-key.ts';
import { readRegular } from '../../documents/regular-file.ts';
import { identityOf, newIdentity, recipientOf } from '../../supply/age-list.ts';

export type RecipientPublicKeys = {
  readonly organisation: string;
  readonly folder: string;
  /** Both public: they go into the supplier's organisations.yaml. */
  readonly ageKey: string;
  readonly signingKey: string;
};

/** The files of the folder: `age.key` and `sign.key` are secret, `sign.pub` is for everybody. */
export const ageKeyFile = 'age.key';
export const signKeyFile = 'sign.key';

/** Makes what is not there yet; a key that is there is kept. Throws KeyError, SupplyError. */
export async function recipientKeys(organisation: string, folder: string): Promise<RecipientPublicKeys> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [secret, shown] = [join(folder, signKeyFile), join(folder, 'sign.pub')];
  await createSigningKey(secret, shown, 'log', organisation);
  const { verifier } = await readSigningKey(secret, shown, 'log');
  const identity = await ageIdentity(join(folder, ageKeyFile));
  return { organisation, folder, ageKey: await recipientOf(identity), signingKey: verifier.vkey };
}

async function ageIdentity(path: string): Promise<string> {
  try {
    return identityOf((await readRegular(path)).toString('utf8'));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const identity = await newIdentity();
  const aside = `${path}.${process.pid}.partial`;
  const handle = await open(aside, 'wx', 0o600);
  try {
    await handle.writeFile(`${identity}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(aside, path);
  return identity;
}
