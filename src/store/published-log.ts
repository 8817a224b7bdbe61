/** A published log, read by someone who has nothing but its folder and its public key. */
import { join } from 'node:path';
import { pathTrouble, readOutside } from '../documents/regular-file.ts';
import { type Checkpoint, openCheckpoint, type TreeHead } from '../log/checkpoint.ts';
import { appendLeaves, type CompactRange, emptyRange, rangeRoot } from '../log/compact-range.ts';
import type { Verifier } from '../log/keys.ts';
import { LogError } from '../log/log-error.ts';
import { emptyRoot, leafHash, verifyConsistency, verifyInclusion } from '../log/merkle.ts';
import { noteText } from '../log/note.ts';
import { entriesOf, hashesAt, type ReadTile, tileHeight, tileOf, tilePath, tileWidth } from '../log/tiles.ts';
import { openTree, readTile, type TreeReader } from '../log/tree-reader.ts';

export type PublishedLog = {
  readonly checkpoint: Checkpoint;
  /** The note as it stands in the folder. */
  readonly text: string;
  /** An entry (32 bytes), shown to be in the signed tree. Throws LogError `entry-unknown`, `tile-missing`, `tile-altered`. */
  entry(index: bigint): Promise<Buffer>;
  /** Requires that this log grew from an earlier state of it. Throws LogError `log-shrunk`, `log-forked`. */
  requireGrownFrom(earlier: TreeHead): Promise<void>;
  /** Reads every entry and every tile and requires that they are those of the signed root. Throws LogError. */
  checkAll(): Promise<Checked>;
};
export type Checked = { readonly entries: bigint; readonly bundles: number; readonly tiles: number };

/** A note with its cosignatures takes a few thousand bytes, a full tile or bundle fewer than nine thousand. */
const largestNote = 1 << 20;
const largestTile = 1 << 16;

/** Opens the log in `dir` under the key of its owner. Throws LogError. */
export async function readLog(dir: string, log: Verifier): Promise<PublishedLog> {
  const bytes = await readOrNull(join(dir, 'checkpoint'), largestNote);
  if (bytes === null)
    throw new LogError(
      'log-missing',
      `${dir} has no checkpoint: it is no published log, or nothing was published yet`,
    );
  const text = noteText(bytes);
  const checkpoint = openCheckpoint(text, log);
  const read: ReadTile = (path) => readOrNull(join(dir, path), largestTile);
  const tree = openTree(checkpoint.size, read);
  return {
    checkpoint,
    text,
    entry: (index) => provenEntry(tree, checkpoint, index),
    async requireGrownFrom(earlier) {
      const fault = await grownFault(tree, checkpoint, earlier);
      if (fault === null) return;
      // A damaged tile would look like a changed past: that is said only of a log that is whole.
      await checkAll(checkpoint, read);
      throw fault;
    },
    checkAll: () => checkAll(checkpoint, read),
  };
}

async function readOrNull(path: string, most: number): Promise<Buffer | null> {
  try {
    return await readOutside(path, most);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (typeof code !== 'string') throw cause;
    throw new LogError('log-unreadable', `${path} cannot be read: ${pathTrouble(cause) ?? code}`, { cause });
  }
}

async function provenEntry(tree: TreeReader, { size, root }: TreeHead, index: bigint): Promise<Buffer> {
  if (index < 0n || index >= size)
    throw new LogError('entry-unknown', `the log has ${size} entries, and no entry ${index}`);
  const [entry, proof] = await Promise.all([tree.entry(index), tree.inclusionProof(index)]);
  if (verifyInclusion({ index, size, leaf: leafHash(entry), proof, root })) return entry;
  throw new LogError('tile-altered', `entry ${index} or a tile above it is not what the log signed`);
}

async function grownFault(
  tree: TreeReader,
  { size, root }: TreeHead,
  earlier: TreeHead,
): Promise<LogError | null> {
  const [size1, root1] = [earlier.size, earlier.root];
  if (size1 > size)
    return new LogError(
      'log-shrunk',
      `the log has ${size} entries, and had ${size1} before: entries were taken away`,
    );
  const proof = size1 === 0n || size1 === size ? [] : await tree.consistencyProof(size1);
  const grown =
    size1 === 0n
      ? root1.equals(emptyRoot)
      : verifyConsistency({ size1, size2: size, root1, root2: root, proof });
  if (grown) return null;
  return new LogError(
    'log-forked',
    `the log of ${size} entries did not grow from the one of ${size1} seen before: its past was changed`,
  );
}

/** Level by level, from the entries up: each tile is held against what the tiles below it give. */
async function checkAll({ size, root }: TreeHead, read: ReadTile): Promise<Checked> {
  let range: CompactRange = emptyRange;
  let bundles = 0;
  let tiles = 0;
  // What the tile of each level that is being filled must hold so far.
  const expected: Buffer[][] = [[]];
  const take = async (level: number, hash: Buffer): Promise<void> => {
    const row = expected[level] ?? [];
    expected[level] = row;
    row.push(hash);
    if (row.length === tileWidth) await compare(level, row);
  };
  const compare = async (level: number, row: Buffer[]): Promise<void> => {
    const tile = tileOf(level, hashesAt(level, range.size) - 1n, size);
    const path = tilePath(tile);
    const bytes = await readTile(read, tile);
    if (!bytes.equals(Buffer.concat(row)))
      throw new LogError('tile-altered', `${path} is not what the entries give`);
    tiles += 1;
    expected[level] = [];
  };
  for (let at = 0n; at < size; at += BigInt(tileWidth)) {
    const tile = tileOf('entries', at, size);
    const path = tilePath(tile);
    const leaves = entriesOf(path, await readTile(read, tile), tile.width).map(leafHash);
    const wholes: { level: number; hash: Buffer }[] = [];
    range = appendLeaves(range, leaves, ({ height, hash }) => {
      if (height % tileHeight === 0) wholes.push({ level: height / tileHeight, hash });
    });
    for (const leaf of leaves) await take(0, leaf);
    for (const { level, hash } of wholes) await take(level, hash);
    bundles += 1;
  }
  for (const [level, row] of expected.entries()) if (row.length > 0) await compare(level, row);
  if (!rangeRoot(range).equals(root))
    throw new LogError('tile-altered', `the ${size} entries do not give the root that the log signed`);
  return { entries: size, bundles, tiles };
}
