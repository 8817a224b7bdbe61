/** That an entry is in the log: what a release, a receipt or an auditor carries, checked with the log's key alone. */
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { checkOpening, entryBytes, type Opening } from './entry.ts';
import type { Verifier } from './keys.ts';
import { LogError } from './log-error.ts';
import { hashBytes, leafHash, verifyInclusion } from './merkle.ts';

/** Plain JSON: `entry` and the hashes of `proof` in hex, index and size in decimal, the checkpoint as the note it is. */
export type LogProof = {
  readonly entry: string;
  readonly index: string;
  readonly size: string;
  readonly proof: readonly string[];
  readonly checkpoint: string;
};

const hex = (length: number): RegExp => new RegExp(`^[0-9a-f]{${2 * length}}$`);
const [entryHex, hashHex] = [hex(entryBytes), hex(hashBytes)];
const decimal = /^(0|[1-9][0-9]{0,18})$/;

/**
 * Requires that the entry stands in the tree that the log signed, and, where an opening is given, that it is the
 * entry's. Gives the checkpoint, whose cosignatures are still to be judged. Throws LogError.
 */
export function checkLogProof(proof: LogProof, opening: Opening | null, log: Verifier): Checkpoint {
  if (
    !entryHex.test(proof.entry) ||
    !decimal.test(proof.index) ||
    !decimal.test(proof.size) ||
    proof.proof.length > 63 ||
    !proof.proof.every((item) => hashHex.test(item))
  )
    throw new LogError('entry-malformed', 'the proof of the log entry is not in the form of one');
  const entry = Buffer.from(proof.entry, 'hex');
  if (opening !== null) checkOpening(entry, opening);
  const checkpoint = openCheckpoint(proof.checkpoint, log);
  if (checkpoint.size !== BigInt(proof.size)) {
    throw new LogError(
      'log-forked',
      `the proof is for a log of ${proof.size} entries, and its checkpoint is of ${checkpoint.size}`,
    );
  }
  const included = verifyInclusion({
    index: BigInt(proof.index),
    size: checkpoint.size,
    leaf: leafHash(entry),
    proof: proof.proof.map((item) => Buffer.from(item, 'hex')),
    root: checkpoint.root,
  });
  if (!included) {
    throw new LogError(
      'entry-unknown',
      `the log of ${checkpoint.size} entries does not hold this entry at ${proof.index}`,
    );
  }
  return checkpoint;
}
