/** The log's own key: signs checkpoints. `keys/log.key` is for its owner alone, `keys/log.pub` is for everybody. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmod, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type KeyKind, type Signer, signerOf, type Verifier, vkeyFile } from '../log/keys.ts';
import { LogError } from '../log/log-error.ts';
import { KeyError, requirePrivate } from './key.ts';
import { FileError, readRegular } from './regular-file.ts';

export const logKeyFile = 'keys/log.key';
export const logPublicFile = 'keys/log.pub';

/** The origin of an organisation's log: the first line of its checkpoints, and its key's name. */
export function logOrigin(organisation: string): string {
  return `astold.example/${organisation}`;
}

/**
 * Makes the log's key in the workspace at `root`; one that is there is kept, if it is of that origin. Throws KeyError,
 * and what the system says.
 */
export function createLogKey(root: string, origin: string): Promise<'made' | 'kept'> {
  return createSigningKey(join(root, logKeyFile), join(root, logPublicFile), 'log', origin);
}

/** Throws KeyError; no message holds any of the key. */
export async function readLogKey(root: string): Promise<Signer> {
  return readSigningKey(join(root, logKeyFile), join(root, logPublicFile), 'log');
}

/** The public half. Throws KeyError. */
export async function readLogVerifier(root: string): Promise<Verifier> {
  return readVerifier(join(root, logPublicFile), 'log');
}

/** Makes an Ed25519 key and its verifier line; one that is there is kept. Never overwrites. */
export async function createSigningKey(
  keyPath: string,
  publicPath: string,
  kind: KeyKind,
  name: string,
): Promise<'made' | 'kept'> {
  if (await exists(keyPath)) {
    // A run that was cut short between the two: the public half follows from the secret one.
    if (!(await exists(publicPath)))
      await writePublic(publicPath, signerOf(kind, name, await readPrivate(keyPath)));
    const { verifier } = await readSigningKey(keyPath, publicPath, kind);
    if (verifier.name === name) return 'kept';
    throw new KeyError(
      'key-malformed',
      `${publicPath} is the key of ${verifier.name}, not of ${name}; keep it where it belongs`,
    );
  }
  if (await exists(publicPath)) {
    throw new KeyError(
      'key-missing',
      `${publicPath} is there and its secret half ${keyPath} is not; put it back: another key would be another log`,
    );
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  const folder = dirname(keyPath);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await writeWhole(keyPath, privateKey.export({ format: 'pem', type: 'pkcs8' }) as string, 0o600);
  await writePublic(publicPath, signerOf(kind, name, privateKey));
  return 'made';
}

async function writePublic(path: string, { verifier }: Signer): Promise<void> {
  await writeWhole(path, `${verifier.vkey}\n`, 0o644);
  await syncFolder(dirname(path));
}

/** Throws KeyError where it is missing, open to others, no Ed25519 key, or not the one of its public half. */
export async function readSigningKey(keyPath: string, publicPath: string, kind: KeyKind): Promise<Signer> {
  const privateKey = await readPrivate(keyPath);
  const verifier = await readVerifier(publicPath, kind);
  const signer = signerOf(kind, verifier.name, privateKey);
  if (signer.verifier.vkey !== verifier.vkey)
    throw new KeyError(
      'key-malformed',
      `${keyPath} and ${publicPath} are not halves of one key; put the right ones back`,
    );
  return signer;
}

async function readPrivate(path: string): Promise<KeyObject> {
  requirePrivate(path, '600', (await found(stat(path), path)).mode);
  requirePrivate(dirname(path), '700', (await found(stat(dirname(path)), path)).mode);
  const pem = await found(readRegular(path), path);
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below, without the words of the parser, which may quote what it read.
  }
  throw new KeyError('key-malformed', `${path} does not hold an Ed25519 key in PEM; put the right key back`);
}

async function readVerifier(path: string, kind: KeyKind): Promise<Verifier> {
  const bytes = await found(readRegular(path), path);
  try {
    const verifier = vkeyFile(bytes);
    if (verifier.kind === kind) return verifier;
  } catch (cause) {
    if (!(cause instanceof LogError)) throw cause;
    throw new KeyError('key-malformed', `${path}: ${cause.message}`, { cause });
  }
  throw new KeyError('key-malformed', `${path} is no key of a ${kind}`);
}

async function found<T>(reading: Promise<T>, path: string): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (cause instanceof FileError)
      throw new KeyError('key-malformed', `${path} holds no key: ${cause.message}`, { cause });
    throw new KeyError(
      'key-missing',
      `${path} cannot be read; astold init makes one, and astold log init one for a workspace that has none`,
      { cause },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const aside = `${path}.${process.pid}.partial`;
  try {
    const handle = await open(aside, 'wx', mode);
    try {
      // Whatever the umask: what is public must be read by those it is for.
      await handle.chmod(mode);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
