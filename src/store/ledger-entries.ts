/** What every ledger reads of its entries in the same way: openings, tiles, proofs. */
import { openCheckpoint } from '../log/checkpoint.ts';
import type { LogContent, Opening } from '../log/entry.ts';
import type { Verifier } from '../log/keys.ts';
import { leafHash } from '../log/merkle.ts';
import type { LogProof } from '../log/proof.ts';
import { bundleOf, hashesAt, parseTilePath, type ReadTile, tileWidth } from '../log/tiles.ts';
import { openTree } from '../log/tree-reader.ts';
import type { LedgerReader, ReadRows } from './ledger.ts';
import { bytesOf, damaged } from './ledger-cells.ts';
import type { LedgerDialect } from './ledger-dialect.ts';

/** Reads with `all`, which sees one log and no other. */
export function ledgerReader(
  dialect: LedgerDialect,
  all: ReadRows,
  head: LedgerReader['head'],
): LedgerReader {
  return {
    dialect,
    all,
    head,
    entry: async (index) => bytesOf((await all('SELECT hash FROM entry WHERE idx = ?', index))[0]?.hash),
    opening: (index) => openingOf(all, index),
    readTile: ledgerTiles(all, async () => (await head()).size),
  };
}

async function openingOf(all: ReadRows, index: bigint): Promise<Opening | 'destroyed' | null> {
  const [row] = await all('SELECT destroyed, salt, content FROM opening WHERE idx = ?', index);
  if (row === undefined) return null;
  const [salt, content] = [bytesOf(row.salt), bytesOf(row.content)];
  if (row.destroyed !== 0n || salt === null || content === null) return 'destroyed';
  return { salt: salt.toString('hex'), content: JSON.parse(content.toString('utf8')) as LogContent };
}

/**
 * The bytes of a tile of the present tree or of an earlier one, the same that are published; null where the tree has not
 * grown so far. Throws LedgerError `ledger-damaged`.
 */
function ledgerTiles(all: ReadRows, size: () => Promise<bigint>): ReadTile {
  return async (path) => {
    const tile = parseTilePath(path);
    if (tile === null) return null;
    const from = tile.index * BigInt(tileWidth);
    const until = from + BigInt(tile.width);
    const rows =
      tile.level === 'entries' || tile.level === 0
        ? await all('SELECT hash FROM entry WHERE idx >= ? AND idx < ? ORDER BY idx', from, until)
        : await all(
            'SELECT hash FROM node WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx',
            BigInt(tile.level),
            from,
            until,
          );
    const hashes = rows.map((row) => bytesOf(row.hash) ?? Buffer.alloc(0));
    if (hashes.length !== tile.width || hashes.some((hash) => hash.length !== 32)) {
      const grown = await size();
      if (until > (tile.level === 'entries' ? grown : hashesAt(tile.level, grown))) return null;
      throw damaged(`${path} cannot be made`);
    }
    if (tile.level === 'entries') return bundleOf(hashes);
    return Buffer.concat(tile.level === 0 ? hashes.map(leafHash) : hashes);
  };
}

/** As `Ledger.prove`. */
export async function proveEntry(
  readTile: ReadTile,
  verifier: Verifier,
  index: bigint,
  note: string,
): Promise<LogProof | null> {
  const { size } = openCheckpoint(note, verifier);
  if (index >= size) return null;
  const tree = openTree(size, readTile);
  const [entry, proof] = await Promise.all([tree.entry(index), tree.inclusionProof(index)]);
  return {
    entry: entry.toString('hex'),
    index: index.toString(),
    size: size.toString(),
    proof: proof.map((hash) => hash.toString('hex')),
    checkpoint: note,
  };
}
