/** `astold verify`: checks a file that somebody was given, offline. What it is, the file says itself. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRegular } from '../documents/regular-file.ts';
import { batchReceiptFormat, checkBatchReceipt } from '../evidence/batch-receipt.ts';
import { checkReceipt, receiptFormat } from '../evidence/receipt.ts';
import { parseVkey, type Verifier } from '../log/keys.ts';
import { ProofError } from './proof-error.ts';
import { jsonIn, proofFormat, readProof } from './proof-file.ts';
import { type VerifiedProof, verifyProof } from './verify-proof.ts';
import { type ReceiptAgainst, type VerifiedReceipt, verifyReceipt } from './verify-receipt.ts';

export type VerifyOptions = {
  /** Path of the release's manifest; null looks for it in the workspace. */
  readonly manifest: string | null;
  /** The log's public key, `NAME+HASH+BASE64`. */
  readonly logKey: string | null;
  readonly token: string | null;
  /** The workspace, where there is one. */
  readonly root: string | null;
  /** Of a receipt alone. */
  readonly receipt?: ReceiptAgainst;
};
/** Every kind of file that can be verified adds what it gives here, and its reader to `verifiers`. */
export type Verified = { readonly kind: 'roster-proof'; readonly proof: VerifiedProof } | VerifiedReceipt;
type VerifyKind = (value: unknown, options: VerifyOptions, log: Verifier | null) => Promise<Verified>;

const verifiers: Readonly<Record<string, VerifyKind>> = {
  [receiptFormat]: (value, options, log) => verifyReceipt(checkReceipt, value, options, log),
  [batchReceiptFormat]: (value, options, log) => verifyReceipt(checkBatchReceipt, value, options, log),
  [proofFormat]: async (value, options, log) => {
    if (options.receipt !== undefined)
      throw new ProofError('format-unknown', 'a receipt is held against a release, and this is a proof');
    const { release } = readProof(value);
    const manifest = await manifestOf(release, options);
    return { kind: 'roster-proof', proof: verifyProof(value, { manifest, log, token: options.token }) };
  },
};

/** Errors: ProofError, ReceiptError, EvidenceError, RosterError, LogError, and of the path. Gives nothing where anything does not hold. */
export async function verify(path: string, options: VerifyOptions): Promise<Verified> {
  const log = options.logKey === null ? null : parseVkey(options.logKey);
  const value = jsonIn(await readRegular(path), 'file-malformed', 'the file');
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : null;
  const verifier =
    typeof format === 'string' && Object.hasOwn(verifiers, format) ? verifiers[format] : undefined;
  if (verifier !== undefined) return verifier(value, options, log);
  throw new ProofError(
    'format-unknown',
    `the file names no format that can be verified; these can: ${Object.keys(verifiers).join(', ')}`,
  );
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
