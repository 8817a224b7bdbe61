/** Keys of notes: Ed25519 (type 0x01, a log's) and timestamped Ed25519 cosignatures (type 0x04, a witness's). */
import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { LogError } from './log-error.ts';
import { fromBase64, isKeyName, type Note, type NoteSignature, noteText } from './note.ts';

const typeBytes = { log: 1, witness: 4 } as const;
export type KeyKind = keyof typeof typeBytes;

export type Verifier = {
  readonly kind: KeyKind;
  readonly name: string;
  readonly keyId: string;
  readonly publicKey: KeyObject;
  /** `name+hash+base64`, as it is written in files and on the command line. */
  readonly vkey: string;
};
export type Signer = { readonly verifier: Verifier; readonly privateKey: KeyObject };

/** Throws LogError `vkey-malformed`. */
export function parseVkey(vkey: string): Verifier {
  // Base64 may hold a plus: the first two part the fields.
  const [name, keyId, ...rest] = vkey.split('+');
  const material = fromBase64(rest.join('+'));
  if (name === undefined || !isKeyName(name) || keyId === undefined || material === null)
    throw malformed('it is not NAME+HASH+BASE64');
  const kind = material[0] === typeBytes.log ? 'log' : material[0] === typeBytes.witness ? 'witness' : null;
  if (kind === null || material.length !== 33)
    throw malformed('it is neither an Ed25519 key (type 1) nor one of cosignatures (type 4)');
  const found = verifierOf(kind, name, material.subarray(1));
  if (found.keyId !== keyId) throw malformed('its hash is not that of its name and key');
  return found;
}

/** The verifier of 32 raw bytes of an Ed25519 public key. */
export function verifierOf(kind: KeyKind, name: string, raw: Buffer): Verifier {
  if (!isKeyName(name)) throw malformed('a name holds no white space and no plus');
  const material = Buffer.concat([Buffer.from([typeBytes[kind]]), raw]);
  const keyId = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), material]), 'hex').slice(0, 8);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') };
  return {
    kind,
    name,
    keyId,
    publicKey: createPublicKey({ key: jwk, format: 'jwk' }),
    vkey: `${name}+${keyId}+${material.toString('base64')}`,
  };
}

/** The signer of an Ed25519 private key. */
export function signerOf(kind: KeyKind, name: string, privateKey: KeyObject): Signer {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (privateKey.asymmetricKeyType !== 'ed25519' || x === undefined) throw malformed('it is no Ed25519 key');
  return { verifier: verifierOf(kind, name, Buffer.from(x, 'base64url')), privateKey };
}

/** A log's signature over a text that ends in a newline. */
export function signNote(text: string, { verifier, privateKey }: Signer): NoteSignature {
  if (verifier.kind !== 'log') throw new TypeError('a witness signs with a time: cosignature');
  return { name: verifier.name, keyId: verifier.keyId, bytes: sign(null, Buffer.from(text), privateKey) };
}

/** A witness's signature over a checkpoint's text, at a time in whole seconds since 1970. */
export function cosignNote(text: string, { verifier, privateKey }: Signer, seconds: bigint): NoteSignature {
  if (verifier.kind !== 'witness') throw new TypeError('a log signs without a time: signNote');
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(seconds);
  const bytes = Buffer.concat([time, sign(null, cosigned(text, seconds), privateKey)]);
  return { name: verifier.name, keyId: verifier.keyId, bytes };
}

const cosigned = (text: string, seconds: bigint): Buffer =>
  Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);

/** A signature found true. `seconds` is when a witness made it, by its clock; null for a log's. */
export type Verified = { readonly verifier: Verifier; readonly seconds: bigint | null };

/**
 * Which of the keys signed the note, each once. Lines of other keys are passed over; a line that says it is by one of
 * these and is not throws LogError `signature-wrong`.
 */
export function verifiedBy(note: Note, verifiers: readonly Verifier[]): readonly Verified[] {
  const found = new Map<string, Verified>();
  for (const signature of note.signatures) {
    const verifier = verifiers.find((v) => v.name === signature.name && v.keyId === signature.keyId);
    if (verifier === undefined) continue;
    const verified = check(note.text, signature, verifier);
    if (verified === null)
      throw new LogError(
        'signature-wrong',
        `the signature by ${verifier.name} does not fit what it stands under`,
      );
    if (!found.has(verifier.vkey)) found.set(verifier.vkey, verified);
  }
  return [...found.values()];
}

function check(text: string, { bytes }: NoteSignature, verifier: Verifier): Verified | null {
  if (verifier.kind === 'log')
    return bytes.length === 64 && verify(null, Buffer.from(text), verifier.publicKey, bytes)
      ? { verifier, seconds: null }
      : null;
  if (bytes.length !== 72) return null;
  const seconds = bytes.readBigUInt64BE(0);
  if (seconds >= 1n << 63n) return null;
  return verify(null, cosigned(text, seconds), verifier.publicKey, bytes.subarray(8))
    ? { verifier, seconds }
    : null;
}

/** A file with one verifier key. Throws LogError. */
export function vkeyFile(bytes: Uint8Array): Verifier {
  return parseVkey(noteText(bytes).replace(/\r?\n$/, ''));
}

const malformed = (what: string): LogError =>
  new LogError('vkey-malformed', `this is no verifier key: ${what}`);
