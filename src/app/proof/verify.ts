/** `astold verify`: checks a file that somebody was given, offline. What it is, the file says itself. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRegular } from '../../documents/regular-file.ts';
import { batchReceiptFormat, checkBatchReceipt } from '../../evidence/batch-receipt.ts';
import { checkReceipt, receiptFormat } from '../../evidence/receipt.ts';
import { withPlace } from '../../evidence/receipt-place.ts';
import type { WitnessPolicy } from '../../log/checkpoint.ts';
import { parseVkey, type Verifier } from '../../log/keys.ts';
import { ownKeyUnchecked, ownLogKey, policyFor, type WitnessesAsked } from '../log/own-log.ts';
import { otherFile } from './other-file.ts';
import { ProofError } from './proof-error.ts';
import { jsonIn, proofFormat, readProof } from './proof-file.ts';
import { type VerifiedProof, verifyProof } from './verify-proof.ts';
import { type ReceiptAgainst, type VerifiedReceipt, verifyReceipt } from './verify-receipt.ts';

export type VerifyOptions = {
  /** Path of the release's manifest; null looks for it in the workspace. */
  readonly manifest: string | null;
  /** The log's public key, `NAME+HASH+BASE64`; null takes the workspace's own, for what is of the workspace. */
  readonly logKey: string | null;
  /** Who must have cosigned. */
  readonly witnesses: WitnessesAsked;
  /** Path of a place in the log that was given apart from its receipt. */
  readonly logged?: string;
  readonly token: string | null;
  /** The workspace, where there is one. */
  readonly root: string | null;
  /** Of a receipt alone. */
  readonly receipt?: ReceiptAgainst;
};
/** Every kind of file that can be verified adds what it gives here, and its reader to `verifiers`. */
type Found = { readonly kind: 'roster-proof'; readonly proof: VerifiedProof } | VerifiedReceipt;
/** `ownKey`: it was checked under the key that lies in the workspace, and nobody gave one. */
export type Verified = Found & { readonly ownKey: boolean };
/** `given` is the key that was given, `own` the workspace's: who verifies there knows it already. */
type Keys = { readonly given: Verifier | null; readonly own: Verifier | null };
type VerifyKind = (value: unknown, options: VerifyOptions, keys: Keys) => Promise<Verified>;

const verifiers: Readonly<Record<string, VerifyKind>> = {
  [receiptFormat]: (value, options, keys) => receipt(checkReceipt, value, options, keys),
  [batchReceiptFormat]: (value, options, keys) => receipt(checkBatchReceipt, value, options, keys),
  [proofFormat]: async (value, options, { given, own }) => {
    if (options.receipt !== undefined || options.logged !== undefined)
      throw new ProofError(
        'format-unknown',
        'a receipt is held against a release, or has a place in the log beside it, and this is a proof',
      );
    const { release } = readProof(value);
    const manifest = await manifestOf(release, options);
    // Of another's release, whose manifest is given, the log is another's too.
    const log = given ?? (options.manifest === null ? own : null);
    const witnesses = await policyOf(log, options);
    const found = verifyProof(value, { manifest, log, witnesses, token: options.token });
    const ownKey = given === null && log !== null;
    const proof = ownKey ? { ...found, unchecked: [...found.unchecked, ownKeyUnchecked] } : found;
    return { kind: 'roster-proof', proof, ownKey };
  },
};

async function receipt(
  check: Parameters<typeof verifyReceipt>[0],
  value: unknown,
  options: VerifyOptions,
  { given, own }: Keys,
): Promise<Verified> {
  const { logged } = options;
  const whole =
    logged === undefined
      ? value
      : withPlace(value, jsonIn(await readRegular(logged), 'file-malformed', 'the place in the log'));
  const log = given ?? own;
  const policy = await policyOf(log, options);
  const found = await verifyReceipt(check, whole, options, log, policy);
  const ownKey = given === null;
  return { ...found, unchecked: ownKey ? [...found.unchecked, ownKeyUnchecked] : found.unchecked, ownKey };
}

/** Under no key there is no checkpoint to ask about. */
async function policyOf(log: Verifier | null, { witnesses, root }: VerifyOptions): Promise<WitnessPolicy> {
  return log === null ? { witnesses: [], needed: 0 } : policyFor(witnesses, log, root);
}

/** Errors: ProofError, ReceiptError, EvidenceError, RosterError, LogError, and of the path. Gives nothing where anything does not hold. */
export async function verify(path: string, options: VerifyOptions): Promise<Verified> {
  // Faults of the key come before those of the file.
  if (options.logKey !== null) parseVkey(options.logKey);
  return verifyGiven(readGiven(await readRegular(path)), options);
}

/** The same of what `readGiven` read. */
export async function verifyGiven(value: unknown, options: VerifyOptions): Promise<Verified> {
  const given = options.logKey === null ? null : parseVkey(options.logKey);
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : null;
  const verifier =
    typeof format === 'string' && Object.hasOwn(verifiers, format) ? verifiers[format] : undefined;
  if (verifier !== undefined)
    return verifier(value, options, { given, own: given === null ? await ownLogKey(options.root) : null });
  throw new ProofError(
    'format-unknown',
    `the file names no format that can be verified; these can: ${Object.keys(verifiers).join(', ')}`,
  );
}

/** A receipt, or a proof, in JSON; what is plainly something else is said to be that. Throws ProofError. */
export function readGiven(bytes: Buffer): unknown {
  try {
    return jsonIn(bytes, 'file-malformed', 'the file');
  } catch (cause) {
    const other = otherFile(bytes);
    if (other === null) throw cause;
    throw new ProofError('format-unknown', `no proof and no receipt, but ${other}`, { cause });
  }
}

async function manifestOf(release: string, { manifest, root }: VerifyOptions): Promise<Buffer> {
  if (manifest !== null) return readRegular(manifest);
  const id = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(release) ? release : null;
  const own = root === null || id === null ? null : join(root, 'releases', id, 'manifest.json');
  if (own !== null && existsSync(own)) return readRegular(own);
  throw new ProofError(
    'manifest-needed',
    'a proof is held against the manifest of its release: give it with --manifest',
  );
}
