/** Tiles (C2SP tlog-tiles): the tree and its entries as static files of 256 hashes or entries each. */
import { LogError } from './log-error.ts';
import { hashBytes } from './merkle.ts';

/** Hashes or entries of a full tile; a level of tiles stands for 8 levels of the tree. */
export const tileWidth = 256;
export const tileHeight = 8;

/** `level` is that of tiles, or the entries themselves; `width` is 1 to 256. */
export type Tile = {
  readonly level: number | 'entries';
  readonly index: bigint;
  readonly width: number;
};

/** The bytes of a file of the log by its path (`tile/0/x001/234`); null where there is none. */
export type ReadTile = (path: string) => Promise<Buffer | null>;

/** Where a tile is served, relative to the log. */
export function tilePath({ level, index, width }: Tile): string {
  if (index < 0n || !Number.isInteger(width) || width < 1 || width > tileWidth)
    throw new RangeError(`no tile ${level}/${index} of width ${width}`);
  const groups: string[] = [];
  for (let rest = index; groups.length === 0 || rest > 0n; rest /= 1000n)
    groups.unshift(`${groups.length === 0 ? '' : 'x'}${(rest % 1000n).toString().padStart(3, '0')}`);
  return `tile/${level}/${groups.join('/')}${width === tileWidth ? '' : `.p/${width}`}`;
}

const pathPattern =
  /^tile\/(0|[1-9]|[1-5][0-9]|6[0-3]|entries)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** The tile of a path; null where the path is not one, or not written as it must be. */
export function parseTilePath(path: string): Tile | null {
  const [, level, number, partial] = pathPattern.exec(path) ?? [];
  if (level === undefined || number === undefined) return null;
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: BigInt(number.replaceAll(/[x/]/g, '')),
    width: partial === undefined ? tileWidth : Number(partial),
  };
  return tile.width <= tileWidth && tilePath(tile) === path ? tile : null;
}

/** Hashes at a level of tiles in a tree of `size` leaves. */
export function hashesAt(level: number, size: bigint): bigint {
  return size >> BigInt(level * tileHeight);
}

/** The tile that holds hash (or entry) `index` of its level, as wide as it is in a tree of `size` leaves. */
export function tileOf(level: Tile['level'], index: bigint, size: bigint): Tile {
  const all = level === 'entries' ? size : hashesAt(level, size);
  const number = index / BigInt(tileWidth);
  const left = all - number * BigInt(tileWidth);
  if (index < 0n || left <= 0n || index >= all)
    throw new RangeError(`level ${level} has no ${index} in a tree of ${size}`);
  return { level, index: number, width: left < BigInt(tileWidth) ? Number(left) : tileWidth };
}

/** Every tile of a tree of `size` leaves, entries first, in order. */
export function* tilesOf(size: bigint): Generator<Tile> {
  for (let at = 0n; at < size; at += BigInt(tileWidth)) yield tileOf('entries', at, size);
  for (let level = 0; hashesAt(level, size) > 0n; level++)
    for (let at = 0n; at < hashesAt(level, size); at += BigInt(tileWidth)) yield tileOf(level, at, size);
}

/** The hashes of a tile's bytes. Throws LogError `tile-altered` where there are not `width` of them. */
export function hashesOf(path: string, bytes: Buffer, width: number): Buffer[] {
  if (bytes.length !== width * hashBytes) {
    throw new LogError(
      'tile-altered',
      `${path} has ${bytes.length} bytes, and ${width} hashes take ${width * hashBytes}`,
    );
  }
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * hashBytes, (i + 1) * hashBytes));
}

/** A bundle of entries: each after its length in two bytes, most significant first. */
export function bundleOf(entries: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(entry.length);
    parts.push(length, entry);
  }
  return Buffer.concat(parts);
}

/** The entries of a bundle. Throws LogError `tile-altered` where there are not exactly `width` of them. */
export function entriesOf(path: string, bytes: Buffer, width: number): Buffer[] {
  const entries: Buffer[] = [];
  let at = 0;
  while (at + 2 <= bytes.length && entries.length <= width) {
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) break;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (at !== bytes.length || entries.length !== width)
    throw new LogError('tile-altered', `${path} does not hold ${width} whole entries`);
  return entries;
}
