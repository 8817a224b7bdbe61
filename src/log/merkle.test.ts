import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appendLeaves, emptyRange, rangeRoot } from './compact-range.ts';
import {
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts';

const leaves = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));

/** RFC 6962, section 2.1, word for word. */
function rootByDefinition(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return createHash('sha256').digest();
  if (hashes.length === 1) return hashes[0] ?? emptyRoot;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(rootByDefinition(hashes.slice(0, split)), rootByDefinition(hashes.slice(split)));
}

describe('the tree of RFC 6962', () => {
  test('its root is that of the definition at every size, built at once or leaf by leaf', () => {
    const all = leaves(300);
    let range = emptyRange;
    for (const [size, leaf] of all.entries()) {
      const expected = rootByDefinition(all.slice(0, size));
      expect(rootOf(all.slice(0, size))).toEqual(expected);
      expect(rangeRoot(range)).toEqual(expected);
      range = appendLeaves(range, [leaf], () => {});
    }
  });

  test('every leaf of every small tree is proven in it, and nowhere else', () => {
    for (let size = 1; size <= 40; size++) {
      const all = leaves(size);
      const root = rootOf(all);
      for (const [i, leaf] of all.entries()) {
        const claim = {
          index: BigInt(i),
          size: BigInt(size),
          leaf,
          proof: inclusionProof(all, BigInt(i)),
          root,
        };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, index: claim.index + 1n })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...claim.proof, root] })).toBe(false);
        expect(verifyInclusion({ ...claim, root: emptyRoot })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: claim.proof.slice(1) })).toBe(size === 1);
      }
    }
  });

  test('a proof for another size proves nothing, but where the path is the same', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 130 }),
        fc.integer({ min: 1, max: 130 }),
        fc.nat(),
        (size, other, at) => {
          const [all, more] = [leaves(size), leaves(other)];
          const index = at % size;
          const claim = {
            index: BigInt(index),
            leaf: all[index] ?? emptyRoot,
            proof: inclusionProof(all, BigInt(index)),
          };
          expect(verifyInclusion({ ...claim, size: BigInt(other), root: rootOf(more) })).toBe(size === other);
        },
      ),
    );
  });

  test('a tree grew from each of its beginnings, and from no other tree', () => {
    for (let size2 = 1; size2 <= 40; size2++) {
      const all = leaves(size2);
      const root2 = rootOf(all);
      for (let size1 = 1; size1 <= size2; size1++) {
        const claim = {
          size1: BigInt(size1),
          size2: BigInt(size2),
          root1: rootOf(all.slice(0, size1)),
          root2,
          proof: consistencyProof(all, BigInt(size1)),
        };
        expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, root1: emptyRoot })).toBe(false);
        expect(verifyConsistency({ ...claim, root2: emptyRoot })).toBe(false);
        expect(verifyConsistency({ ...claim, size1: claim.size1 + 1n })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [...claim.proof, root2] })).toBe(false);
      }
    }
  });

  test('nothing is shown from a tree of no leaves, and hashes of another length are no hashes', () => {
    const all = leaves(3);
    const root = rootOf(all);
    expect(verifyConsistency({ size1: 0n, size2: 3n, root1: emptyRoot, root2: root, proof: [] })).toBe(false);
    expect(verifyConsistency({ size1: 0n, size2: 0n, root1: emptyRoot, root2: emptyRoot, proof: [] })).toBe(
      false,
    );
    const short = inclusionProof(all, 0n).map((hash) => hash.subarray(1));
    expect(verifyInclusion({ index: 0n, size: 3n, leaf: all[0] ?? root, proof: short, root })).toBe(false);
    expect(verifyInclusion({ index: -1n, size: 3n, leaf: all[0] ?? root, proof: [], root })).toBe(false);
    expect(() => inclusionProof(all, 3n)).toThrow(RangeError);
    expect(() => consistencyProof(all, 0n)).toThrow(RangeError);
  });
});

const vectors = resolve(process.env.ASTOLD_TEST_DATA ?? '../shared/data', 'tlog');
const given = existsSync(vectors);
if (!given) console.warn('the vectors of the tree are not there: set ASTOLD_TEST_DATA');

/** A vector with its sizes as they are written: as numbers, some are beyond what a number holds. */
function read(folder: string): { name: string; vector: Record<string, unknown> }[] {
  return readdirSync(join(vectors, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const text = readFileSync(join(vectors, folder, name), 'utf8');
      const exact = text.replace(/"(size1|size2|leafIdx|treeSize)": (\d+)/g, '"$1": "$2"');
      return { name, vector: JSON.parse(exact) };
    });
}
const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : '', 'base64');
const all = (value: unknown): Buffer[] => (Array.isArray(value) ? value.map(bytes) : []);
const size = (value: unknown): bigint => BigInt(String(value));

describe.skipIf(!given)('the vectors of transparency-dev/merkle', () => {
  test('inclusion: 98 of 98', () => {
    const found = read('inclusion');
    expect(found.length).toBe(98);
    for (const { name, vector: v } of found) {
      const claim = { index: size(v.leafIdx), size: size(v.treeSize), leaf: bytes(v.leafHash) };
      expect(verifyInclusion({ ...claim, proof: all(v.proof), root: bytes(v.root) }), name).toBe(!v.wantErr);
    }
  });

  test('consistency: 98 of 98', () => {
    const found = read('consistency');
    expect(found.length).toBe(98);
    for (const { name, vector: v } of found) {
      const claim = {
        size1: size(v.size1),
        size2: size(v.size2),
        root1: bytes(v.root1),
        root2: bytes(v.root2),
      };
      expect(verifyConsistency({ ...claim, proof: all(v.proof) }), name).toBe(!v.wantErr);
    }
  });
});
