/**
 * Publishing: the tiles that the present tree needs, on the disk; then the checkpoint, signed and cosigned; never the
 * other way round, so that no checkpoint stands for a tree that cannot be served.
 */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, openCheckpoint, signCheckpoint } from '../log/checkpoint.ts';
import type { Signer } from '../log/keys.ts';
import { hashBytes } from '../log/merkle.ts';
import { type Tile, tilePath, tilesOf, tileWidth } from '../log/tiles.ts';
import { openTree, type TreeReader } from '../log/tree-reader.ts';
import type { Ledger } from './ledger.ts';
import { LedgerError } from './ledger-error.ts';
import { logFolder } from './places.ts';
import { publishedCheckpoint, publishedText, requireBorneOut } from './standing-checkpoint.ts';
import { type FileToWrite, syncFolder, writeDurably } from './write-durably.ts';

/**
 * Adds cosignature lines to a signed checkpoint, or throws: then nothing is published. It is asked once the tiles are
 * on the disk. `tree` gives the consistency proofs.
 */
export type Cosign = (signed: string, tree: TreeReader) => Promise<string>;

export type Published = {
  /** `unchanged`: the checkpoint that stood there was of this size already, and is kept. */
  readonly kind: 'published' | 'unchanged';
  readonly checkpoint: Checkpoint;
  /** The note, as it stands in `log/checkpoint`. */
  readonly text: string;
  readonly tilesWritten: number;
};

/** Where files are written before they are renamed to their place. */
const asideName = '.aside';

/**
 * Publishes all that the ledger has acknowledged. `keep` says whether a checkpoint of the same size that stands there
 * already will do. One at a time, over all servers. A ledger that does not bear out what stands there publishes nothing.
 * Throws LedgerError, LogError.
 */
export function publishLog(
  ledger: Ledger,
  signer: Signer,
  keep: (standing: Checkpoint) => boolean,
  cosign: Cosign,
): Promise<Published> {
  return ledger.alone(() => publish(ledger, signer, keep, cosign));
}

async function publish(
  ledger: Ledger,
  signer: Signer,
  keep: (standing: Checkpoint) => boolean,
  cosign: Cosign,
): Promise<Published> {
  const head = await ledger.head();
  const standing = await publishedCheckpoint(ledger.root, ledger.verifier);
  if (standing !== null) await requireBorneOut(standing.checkpoint, head, ledger.readTile);
  const tree = openTree(head.size, ledger.readTile);
  if (!(await tree.root()).equals(head.root))
    throw new LedgerError(
      'ledger-damaged',
      'the tiles made from the ledger are not those of its tree; put the latest backup back',
    );
  const folder = join(ledger.root, logFolder);
  const aside = join(folder, asideName);
  await rm(aside, { recursive: true, force: true });
  const wanted = await lacking(folder, head.size);
  await writeDurably(
    folder,
    aside,
    wanted.map((tile) => fileOf(ledger, tile)),
  );
  if (standing !== null && sameHead(standing.checkpoint, head) && keep(standing.checkpoint)) {
    await rm(aside, { recursive: true, force: true });
    return { kind: 'unchanged', ...standing, tilesWritten: wanted.length };
  }
  const text = await cosign(signCheckpoint(head, signer), tree);
  const checkpoint = openCheckpoint(text, ledger.verifier);
  if (!sameHead(checkpoint, head)) throw new TypeError('a cosigned checkpoint is of another tree');
  // Nobody else publishes; asked all the same, since a lock can be lost and what was published can never be taken back.
  if ((await publishedText(ledger.root)) !== (standing?.text ?? null))
    throw new LedgerError('ledger-held', 'somebody else published the log meanwhile; publish it again');
  await writeDurably(folder, aside, [{ path: 'checkpoint', bytes: async () => Buffer.from(text) }]);
  await syncFolder(ledger.root);
  await rm(aside, { recursive: true, force: true });
  for (const tile of wanted) if (tile.width === tileWidth) await forgetPartial(folder, tile);
  return { kind: 'published', checkpoint, text, tilesWritten: wanted.length };
}

const sameHead = (a: { size: bigint; root: Buffer }, b: { size: bigint; root: Buffer }): boolean =>
  a.size === b.size && a.root.equals(b.root);

/** The tiles of the tree that are not there, or not as long as they must be. */
async function lacking(folder: string, size: bigint): Promise<readonly Tile[]> {
  const found: Tile[] = [];
  for (const tile of tilesOf(size)) {
    const bytes = tile.width * (tile.level === 'entries' ? 2 + hashBytes : hashBytes);
    const there = await stat(join(folder, tilePath(tile))).catch(absent);
    if (there?.size !== bytes || !there.isFile()) found.push(tile);
  }
  return found;
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}

function fileOf(ledger: Ledger, tile: Tile): FileToWrite {
  const path = tilePath(tile);
  return {
    path,
    bytes: async () => {
      const bytes = await ledger.readTile(path);
      if (bytes === null) throw new LedgerError('ledger-damaged', `${path} cannot be made from the ledger`);
      return bytes;
    },
  };
}

/** A full tile stands for the partial ones before it. */
async function forgetPartial(folder: string, tile: Tile): Promise<void> {
  await rm(join(folder, `${tilePath(tile)}.p`), { recursive: true, force: true });
}
