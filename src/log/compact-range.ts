/** The right edge of a growing tree: the whole subtrees it is made of, which is all that appending needs. */
import { emptyRoot, nodeHash } from './merkle.ts';

/** `hashes` are the roots of the whole subtrees, the largest (leftmost) first: one for each bit set in `size`. */
export type CompactRange = { readonly size: bigint; readonly hashes: readonly Buffer[] };

export const emptyRange: CompactRange = { size: 0n, hashes: [] };

/** A subtree of 2^height leaves that became whole: number `index` of its height, from the left. */
export type Whole = { readonly height: number; readonly index: bigint; readonly hash: Buffer };

/** Adds leaves, given as leaf hashes. `onWhole` is told of every subtree that becomes whole, from height 1 up. */
export function appendLeaves(
  range: CompactRange,
  leafHashes: readonly Buffer[],
  onWhole: (whole: Whole) => void,
): CompactRange {
  const hashes = [...range.hashes];
  let size = range.size;
  for (const leaf of leafHashes) {
    let [carried, height] = [leaf, 0];
    for (let rest = size; (rest & 1n) === 1n; rest >>= 1n) {
      const left = hashes.pop();
      if (left === undefined) throw new RangeError(`an edge of ${range.size} leaves lacks a subtree`);
      carried = nodeHash(left, carried);
      height += 1;
      onWhole({ height, index: size >> BigInt(height), hash: carried });
    }
    hashes.push(carried);
    size += 1n;
  }
  return { size, hashes };
}

/** The root of the tree whose edge this is. */
export function rangeRoot({ hashes }: CompactRange): Buffer {
  return hashes.length === 0 ? emptyRoot : hashes.reduceRight((right, left) => nodeHash(left, right));
}
