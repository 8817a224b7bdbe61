import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogError } from './log-error.ts';
import { consistencyProof, inclusionProof, leafHash, rootOf } from './merkle.ts';
import {
  bundleOf,
  entriesOf,
  hashesAt,
  parseTilePath,
  type Tile,
  tileOf,
  tilePath,
  tilesOf,
  tileWidth,
} from './tiles.ts';
import { openTree } from './tree-reader.ts';

const levels: fc.Arbitrary<Tile['level']> = fc.oneof(
  fc.constant('entries' as const),
  fc.integer({ min: 0, max: 63 }),
);
const tiles: fc.Arbitrary<Tile> = fc.record({
  level: levels,
  index: fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }),
  width: fc.integer({ min: 1, max: 256 }),
});

const entries = Array.from({ length: 66_000 }, (_, i) => Buffer.from(`entry ${i}`));
const leaves = entries.map(leafHash);

/** Every tile of the tree of the first `size` entries, made from the leaves alone. */
function served(size: number): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const tile of tilesOf(BigInt(size))) {
    const from = Number(tile.index) * tileWidth;
    if (tile.level === 'entries') {
      files.set(tilePath(tile), bundleOf(entries.slice(from, from + tile.width)));
      continue;
    }
    const span = 256 ** tile.level;
    const hashes = Array.from({ length: tile.width }, (_, i) =>
      rootOf(leaves.slice((from + i) * span, (from + i + 1) * span)),
    );
    files.set(tilePath(tile), Buffer.concat(hashes));
  }
  return files;
}
const codeOf = (error: unknown): string => (error instanceof LogError ? error.code : String(error));

describe('tiles', () => {
  test('have the paths of the specification', () => {
    expect(tilePath({ level: 0, index: 1_234_067n, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 'entries', index: 0n, width: 8 })).toBe('tile/entries/000.p/8');
    fc.assert(
      fc.property(tiles, (tile) => {
        expect(parseTilePath(tilePath(tile))).toEqual(tile);
      }),
    );
  });

  test('a path written in any other way is none', () => {
    for (const path of [
      'tile/0/1',
      'tile/00/001',
      'tile/64/001',
      'tile/0/x000/001',
      'tile/0/001/002',
      'tile/0/x001',
      'tile/0/001.p/0',
      'tile/0/001.p/256',
      'tile/0/001.p/08',
      'tile/0/../001',
      '/tile/0/001',
      'tile/-1/001',
      'tile/entry/001',
      'checkpoint',
      '',
    ])
      expect(parseTilePath(path), path).toBeNull();
  });

  test('a tree of 70,000 has those that the specification counts', () => {
    const found = [...tilesOf(70_000n)].filter((tile) => tile.level !== 'entries');
    const of = (level: number, full: boolean): Tile[] =>
      found.filter((tile) => tile.level === level && (tile.width === 256) === full);
    expect([of(0, true).length, of(0, false)[0]?.width]).toEqual([273, 112]);
    expect([of(1, true).length, of(1, false)[0]?.width]).toEqual([1, 17]);
    expect([of(2, true).length, of(2, false)[0]?.width]).toEqual([0, 1]);
    expect([...tilesOf(256n)].map(tilePath)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
    expect([...tilesOf(0n)]).toEqual([]);
    expect(hashesAt(1, 255n)).toBe(0n);
    expect(() => tileOf(0, 256n, 256n)).toThrow(RangeError);
  });

  test('a bundle gives its entries back, and nothing else does', () => {
    const bundle = bundleOf(entries.slice(0, 3));
    expect(entriesOf('b', bundle, 3)).toEqual(entries.slice(0, 3));
    for (const [bytes, width] of [
      [bundle, 2],
      [bundle, 4],
      [bundle.subarray(0, -1), 3],
      [Buffer.concat([bundle, Buffer.alloc(1)]), 3],
    ] as const)
      expect(() => entriesOf('b', bytes, width)).toThrow(LogError);
  });
});

describe('a tree read from its tiles', () => {
  test('gives the roots and proofs of the leaves themselves', async () => {
    for (const size of [1, 2, 255, 256, 257, 513, 1000, 66_000]) {
      const files = served(size);
      const tree = openTree(BigInt(size), async (path) => files.get(path) ?? null);
      const all = leaves.slice(0, size);
      expect(await tree.root()).toEqual(rootOf(all));
      for (const index of size > 1000 ? [65_700] : new Set([0, size >> 1, size - 1])) {
        expect(await tree.inclusionProof(BigInt(index))).toEqual(inclusionProof(all, BigInt(index)));
        expect(await tree.entry(BigInt(index))).toEqual(entries[index]);
        expect(await tree.leafHash(BigInt(index))).toEqual(leaves[index]);
        const earlier = BigInt(index + 1);
        expect(await tree.consistencyProof(earlier)).toEqual(consistencyProof(all, earlier));
      }
    }
  });

  test('a tile that is full by now stands for the partial one before it', async () => {
    const files = served(600);
    // Level 1 is not full yet: what it was at 300 is still served.
    files.set('tile/1/000.p/1', files.get('tile/1/000.p/2')?.subarray(0, 32) ?? Buffer.alloc(0));
    const tree = openTree(300n, async (path) => files.get(path) ?? null);
    expect(await tree.root()).toEqual(rootOf(leaves.slice(0, 300)));
    expect(await tree.entry(299n)).toEqual(entries[299]);
  });

  test('a missing or shortened tile is refused, by name', async () => {
    const files = served(300);
    const tree = (read: (path: string) => Buffer | null) => openTree(300n, async (path) => read(path));
    const missing = tree((path) => (path === 'tile/0/001.p/44' ? null : (files.get(path) ?? null)));
    expect(await missing.root().catch(codeOf)).toBe('tile-missing');
    const short = tree((path) => files.get(path)?.subarray(32) ?? null);
    expect(await short.root().catch(codeOf)).toBe('tile-altered');
  });
});
