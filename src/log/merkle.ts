/**
 * The tree of RFC 6962: leaves hashed with 0x00, nodes with 0x01, SHA-256 throughout. Sizes and indices are BigInt.
 * Pure: hashes in, hashes out.
 */
import { hash } from 'node:crypto';

/** Bytes of every hash here. */
export const hashBytes = 32;

/** Leaves `from` up to but not `until`: what one hash of a proof stands for. */
export type Range = { readonly from: bigint; readonly until: bigint };

/** The root of a tree of no leaves: SHA-256 of nothing. */
export const emptyRoot: Buffer = hash('sha256', Buffer.alloc(0), 'buffer');

const nodeInput = Buffer.alloc(1 + 2 * hashBytes, 1);

export function leafHash(data: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(1 + data.length);
  input[0] = 0;
  input.set(data, 1);
  return hash('sha256', input, 'buffer');
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== hashBytes || right.length !== hashBytes)
    throw new RangeError(`a node stands over two hashes of ${hashBytes} bytes`);
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashBytes);
  return hash('sha256', nodeInput, 'buffer');
}

/** The root over leaf hashes. */
export function rootOf(leafHashes: readonly Buffer[]): Buffer {
  if (leafHashes.length === 0) return emptyRoot;
  let level = leafHashes;
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i], level[i + 1]];
      // A last one without a partner stands for itself one level up: the shape of RFC 6962.
      if (left !== undefined) above.push(right === undefined ? left : nodeHash(left, right));
    }
    level = above;
  }
  return level[0] ?? emptyRoot;
}

/** The largest power of two below `size`, which is at least 2: where RFC 6962 splits a tree. */
function splitOf(size: bigint): bigint {
  return 1n << BigInt((size - 1n).toString(2).length - 1);
}

/** What an inclusion proof of leaf `index` in a tree of `size` holds, in its order: from the leaf up. */
export function inclusionRanges(index: bigint, size: bigint): Range[] {
  if (index < 0n || index >= size) throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  const path: Range[] = [];
  let [from, until] = [0n, size];
  while (until - from > 1n) {
    const middle = from + splitOf(until - from);
    if (index < middle) {
      path.push({ from: middle, until });
      until = middle;
    } else {
      path.push({ from, until: middle });
      from = middle;
    }
  }
  return path.reverse();
}

/** What a consistency proof from the tree of `size1` leaves to that of `size2` holds, in its order. */
export function consistencyRanges(size1: bigint, size2: bigint): Range[] {
  if (size1 < 1n || size1 > size2) throw new RangeError(`no proof leads from ${size1} leaves to ${size2}`);
  const path: Range[] = [];
  let [from, until] = [0n, size2];
  while (until !== size1) {
    const middle = from + splitOf(until - from);
    if (size1 <= middle) {
      path.push({ from: middle, until });
      until = middle;
    } else {
      path.push({ from, until: middle });
      from = middle;
    }
  }
  // Where the old tree is a whole subtree of the new one, its root is known already.
  if (from !== 0n) path.push({ from, until });
  return path.reverse();
}

const over = (leafHashes: readonly Buffer[], { from, until }: Range): Buffer =>
  rootOf(leafHashes.slice(Number(from), Number(until)));

/** The audit path of leaf `index`. Throws RangeError where there is no such leaf. */
export function inclusionProof(leafHashes: readonly Buffer[], index: bigint): Buffer[] {
  return inclusionRanges(index, BigInt(leafHashes.length)).map((range) => over(leafHashes, range));
}

/** The proof that the first `size1` leaves are the tree that these leaves grew from. Throws RangeError. */
export function consistencyProof(leafHashes: readonly Buffer[], size1: bigint): Buffer[] {
  return consistencyRanges(size1, BigInt(leafHashes.length)).map((range) => over(leafHashes, range));
}

const allHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every((h) => h.length === hashBytes);
const odd = (n: bigint): boolean => (n & 1n) === 1n;

/** Whether `proof` shows that the leaf with hash `leaf` stands at `index` of the tree of `size` with `root`. Never throws. */
export function verifyInclusion(claim: {
  readonly index: bigint;
  readonly size: bigint;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}): boolean {
  const { index, size, leaf, proof, root } = claim;
  if (index < 0n || index >= size || !allHashes([leaf, root, ...proof])) return false;
  let [node, last] = [index, size - 1n];
  let found: Buffer = Buffer.from(leaf);
  for (const sibling of proof) {
    if (last === 0n) return false;
    if (odd(node) || node === last) {
      found = nodeHash(sibling, found);
      while (!odd(node) && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else found = nodeHash(found, sibling);
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && found.equals(root);
}

/**
 * Whether `proof` shows that the tree of `size2` with `root2` grew from the tree of `size1` with `root1`. From a tree
 * of no leaves nothing is shown: false. Never throws.
 */
export function verifyConsistency(claim: {
  readonly size1: bigint;
  readonly size2: bigint;
  readonly root1: Uint8Array;
  readonly root2: Uint8Array;
  readonly proof: readonly Uint8Array[];
}): boolean {
  const { size1, size2, root1, root2, proof } = claim;
  if (size1 < 1n || size1 > size2) return false;
  if (size1 === size2) return proof.length === 0 && Buffer.from(root1).equals(root2);
  if (proof.length === 0 || !allHashes([root1, root2, ...proof])) return false;
  let [node, last] = [size1 - 1n, size2 - 1n];
  while (odd(node)) [node, last] = [node >> 1n, last >> 1n];
  // A whole subtree (a power of two) is its own beginning.
  const [first, ...rest] = node === 0n ? [root1, ...proof] : proof;
  if (first === undefined) return false;
  let old: Buffer = Buffer.from(first);
  let grown = old;
  for (const sibling of rest) {
    if (last === 0n) return false;
    if (odd(node) || node === last) {
      old = nodeHash(sibling, old);
      grown = nodeHash(sibling, grown);
      while (!odd(node) && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else grown = nodeHash(grown, sibling);
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && old.equals(root1) && grown.equals(root2);
}
