/** Checking that a leaf is, or is not, in a roster, with nothing but its commitment. Pure. */
import { verifyInclusion } from '../log/merkle.ts';
import { bucketBytes, bucketHash, bucketOf, type RosterCommitment, requireCommitment } from './buckets.ts';
import { RosterError } from './roster-error.ts';
import { isHex32 } from './token.ts';

export type RosterProof = {
  /** The leaves of the bucket that the leaf belongs in, sorted. */
  readonly bucket: readonly string[];
  /** The audit path of the bucket, from the leaf up: 64 hex digits each. */
  readonly path: readonly string[];
};

/** Says which; throws RosterError `commitment-malformed`, `proof-bucket` or `proof-path` where the proof shows neither. */
export function verifyRosterProof(
  { bucket, path }: RosterProof,
  leaf: string,
  committed: RosterCommitment,
): 'present' | 'absent' {
  requireCommitment(committed);
  if (!isHex32(leaf)) throw new RosterError('proof-malformed', 'a leaf is 32 lower-case hex digits');
  const index = bucketOf(leaf, committed.bits);
  for (const [i, entry] of bucket.entries()) {
    if (!isHex32(entry) || bucketOf(entry, committed.bits) !== index || entry <= (bucket[i - 1] ?? '')) {
      throw new RosterError(
        'proof-bucket',
        `entry ${i + 1} of ${bucket.length} is not a leaf of bucket ${index} in its order; the proof was changed, or is of another token`,
      );
    }
  }
  const stands =
    path.every((hash) => /^[0-9a-f]{64}$/.test(hash)) &&
    verifyInclusion({
      index: BigInt(index),
      size: 2n ** BigInt(committed.bits),
      leaf: bucketHash(bucketBytes(bucket)),
      proof: path.map((hash) => Buffer.from(hash, 'hex')),
      root: Buffer.from(committed.root, 'hex'),
    });
  if (!stands) {
    throw new RosterError(
      'proof-path',
      `the bucket and its path do not lead to the root ${committed.root.slice(0, 16)}... of the roster; the proof was changed, or is of another release`,
    );
  }
  return bucket.includes(leaf) ? 'present' : 'absent';
}

/** What a proof says, and no more (E5). */
export const sayings = {
  present: 'is among the records committed for this release',
  absent: 'is not among the records committed for this release',
} as const;
