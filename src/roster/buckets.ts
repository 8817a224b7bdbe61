/** How a roster is cut: by the first bits of its leaves, into as many buckets as hold about 64 leaves each. */
import { leafHash } from '../log/merkle.ts';
import { RosterError } from './roster-error.ts';
import { hexDigits } from './token.ts';

/** What a release commits to. */
export type RosterCommitment = {
  /** The root of the tree over the buckets: 64 hex digits. */
  readonly root: string;
  readonly rows: number;
  /** There are 2 to the power of `bits` buckets. */
  readonly bits: number;
};

/** Bytes of a line: the digits and a line feed. */
export const lineBytes = hexDigits + 1;
const most = 96;

/** The least number of bits by which a bucket holds 96 leaves or fewer on average (and so, above 96 rows, more than 48). */
export function bitsFor(rows: number): number {
  let bits = 0;
  while (rows > most * 2 ** bits) bits++;
  return bits;
}

/** The number of the bucket of a leaf: its first `bits` bits. */
export function bucketOf(leaf: string, bits: number): number {
  const digits = Math.ceil(bits / 4);
  const first = digits === 0 ? 0 : Number.parseInt(leaf.slice(0, digits), 16);
  return Math.floor(first / 2 ** (digits * 4 - bits));
}

/** The bytes of a bucket: its lines as they stand in the file. */
export const bucketBytes = (leaves: readonly string[]): Buffer =>
  Buffer.from(leaves.map((leaf) => `${leaf}\n`).join(''), 'latin1');

/** RFC 6962's hash of a leaf, over the bytes of the bucket; its place in the tree is its number. */
export const bucketHash = (bytes: Uint8Array): Buffer => leafHash(bytes);

/** Checks what was read as a commitment. Throws RosterError `commitment-malformed`. */
export function requireCommitment({ root, rows, bits }: RosterCommitment): void {
  const whole = Number.isSafeInteger(rows) && rows >= 0;
  if (whole && /^[0-9a-f]{64}$/.test(root) && bits === bitsFor(rows)) return;
  throw new RosterError(
    'commitment-malformed',
    `a roster of ${rows} rows is cut by ${whole ? bitsFor(rows) : 'some'} bits under a root of 64 hex digits, and this one states ${bits} bits; it is no roster of this format`,
  );
}
