/** The list under age (X25519): encrypted to a recipient's public key, decrypted with its identity, both streamed. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { FileDigest } from '../bulk/outputs/manifest.ts';
import { SupplyError } from './supply-error.ts';

/** A new age identity, `AGE-SECRET-KEY-1...`: never printed. */
export const newIdentity = (): Promise<string> => generateX25519Identity();

/** The public key of an identity, `age1...`. */
export function recipientOf(identity: string): Promise<string> {
  return identityToRecipient(identity).catch((cause: unknown) => {
    throw new SupplyError('identity-malformed', 'the key file holds no age identity that can be used', {
      cause,
    });
  });
}

/** The identity of an age key file: one `AGE-SECRET-KEY-1...` line, besides comments and empty lines. */
export function identityOf(keyFile: string): string {
  const lines = keyFile.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [identity = ''] = lines;
  if (lines.length !== 1 || !/^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/.test(identity.trim())) {
    throw new SupplyError(
      'identity-malformed',
      'the key file does not hold one line AGE-SECRET-KEY-1...; give the file that age-keygen, or astold recipient-keys, made',
    );
  }
  return identity.trim();
}

/** Whether age can encrypt to this key: its checksum is right. */
export function isRecipient(key: string): boolean {
  try {
    new Encrypter().addRecipient(key);
    return true;
  } catch {
    return false;
  }
}

/** Encrypts the pieces into a file. Gives the digest and size of what was encrypted. */
export async function encryptTo(
  recipient: string,
  pieces: AsyncIterable<Uint8Array>,
  path: string,
): Promise<FileDigest> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const measured = measure();
  const sealed = await encrypter.encrypt(webStream(measured.through(pieces)));
  await pipeline(readable(sealed), createWriteStream(path, { mode: 0o600, flags: 'wx' }));
  return measured.digest();
}

/**
 * Decrypts a file into another: gives the digest and size of what came out. Plaintext is written before the whole is
 * known to be genuine, so the path is aside, and is removed by whoever asked where this throws.
 */
export async function decryptTo(identity: string, path: string, out: string): Promise<FileDigest> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const measured = measure();
  try {
    const opened = await decrypter.decrypt(webStream(createReadStream(path)));
    await pipeline(measured.through(readable(opened)), createWriteStream(out, { mode: 0o600, flags: 'wx' }));
  } catch (cause) {
    // The library's errors have no codes; those of files do.
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') throw cause;
    throw new SupplyError(
      'age-tampered',
      'the encrypted list cannot be opened: it is not the file that was sealed for this key, or not all of it',
      { cause },
    );
  }
  return measured.digest();
}

const webStream = (pieces: AsyncIterable<Uint8Array>): globalThis.ReadableStream<Uint8Array> =>
  ReadableStream.from(pieces) as globalThis.ReadableStream<Uint8Array>;
const readable = (stream: globalThis.ReadableStream<Uint8Array>): Readable =>
  Readable.fromWeb(stream as ReadableStream<Uint8Array>);

/** Counts and hashes what passes. */
function measure() {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    async *through(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces) {
        hash.update(piece);
        bytes += piece.length;
        yield piece;
      }
    },
    digest: (): FileDigest => ({ digest: hash.digest('hex'), bytes }),
  };
}
