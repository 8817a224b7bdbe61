/** Roots and proofs of a tree that is read from its tiles. What it gives is only as true as the tiles: verify it. */
import { LogError } from './log-error.ts';
import { consistencyRanges, emptyRoot, inclusionRanges, nodeHash, type Range, rootOf } from './merkle.ts';
import {
  entriesOf,
  hashesOf,
  type ReadTile,
  type Tile,
  tileHeight,
  tileOf,
  tilePath,
  tileWidth,
} from './tiles.ts';

export type TreeReader = {
  readonly size: bigint;
  /** The root that the tiles give. */
  root(): Promise<Buffer>;
  entry(index: bigint): Promise<Buffer>;
  leafHash(index: bigint): Promise<Buffer>;
  /** Throws RangeError where there is no such leaf. */
  inclusionProof(index: bigint): Promise<Buffer[]>;
  consistencyProof(size1: bigint): Promise<Buffer[]>;
};

/** Reads the tree of `size` leaves. Every method throws LogError `tile-missing`, `tile-altered`. */
export function openTree(size: bigint, read: ReadTile): TreeReader {
  const kept = new Map<string, Promise<Buffer>>();
  const tile = (wanted: Tile): Promise<Buffer> => {
    const path = tilePath(wanted);
    const found = kept.get(path) ?? readTile(read, wanted);
    kept.set(path, found);
    return found;
  };
  /** `count` hashes of one tile of a level, from number `from` of that level. */
  const hashes = async (level: number, from: bigint, count: number): Promise<Buffer[]> => {
    const wanted = tileOf(level, from, size);
    const all = hashesOf(tilePath(wanted), await tile(wanted), wanted.width);
    const start = Number(from % BigInt(tileWidth));
    return all.slice(start, start + count);
  };
  /** The hash over leaves `from` up to not `until`: whole subtrees, folded from the right. */
  const over = async ({ from, until }: Range): Promise<Buffer> => {
    if (from === until) return emptyRoot;
    const parts: Promise<Buffer>[] = [];
    for (let at = from; at < until; ) {
      const height = wholeHeight(at, until);
      const level = Math.floor(height / tileHeight);
      const inTile = height % tileHeight;
      parts.push(hashes(level, at >> BigInt(level * tileHeight), 1 << inTile).then(rootOf));
      at += 1n << BigInt(height);
    }
    return (await Promise.all(parts)).reduceRight((right, left) => nodeHash(left, right));
  };
  return {
    size,
    root: () => over({ from: 0n, until: size }),
    async entry(index) {
      const wanted = tileOf('entries', index, size);
      const found = entriesOf(tilePath(wanted), await tile(wanted), wanted.width);
      return found[Number(index % BigInt(tileWidth))] ?? lacking(tilePath(wanted));
    },
    leafHash: async (index) => (await hashes(0, index, 1))[0] ?? lacking(`leaf ${index}`),
    inclusionProof: (index) => Promise.all(inclusionRanges(index, size).map(over)),
    consistencyProof: (size1) => Promise.all(consistencyRanges(size1, size).map(over)),
  };
}

/** The height of the largest whole subtree that begins at a leaf and ends before another. */
function wholeHeight(from: bigint, until: bigint): number {
  let height = 0;
  while ((from >> BigInt(height)) % 2n === 0n && from + (2n << BigInt(height)) <= until) height += 1;
  return height;
}

/**
 * The bytes of a tile; one that is full by now may stand for the partial one that it grew from. Throws LogError
 * `tile-missing`, `tile-altered`.
 */
export async function readTile(read: ReadTile, wanted: Tile): Promise<Buffer> {
  const path = tilePath(wanted);
  const found = await read(path);
  if (found !== null) return found;
  if (wanted.width === tileWidth) return lacking(path);
  const fullPath = tilePath({ ...wanted, width: tileWidth });
  const full = await read(fullPath);
  if (full === null) return lacking(path);
  if (wanted.level !== 'entries')
    return Buffer.concat(hashesOf(fullPath, full, tileWidth).slice(0, wanted.width));
  const entries = entriesOf(fullPath, full, tileWidth).slice(0, wanted.width);
  return full.subarray(
    0,
    entries.reduce((bytes, entry) => bytes + 2 + entry.length, 0),
  );
}

function lacking(path: string): never {
  throw new LogError('tile-missing', `${path} is missing from the log, and its checkpoint needs it`);
}
