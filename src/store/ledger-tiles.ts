/** The tiles of the log, made from the ledger: the same bytes that are published. */
import { leafHash } from '../log/merkle.ts';
import { bundleOf, hashesAt, parseTilePath, type ReadTile, tileWidth } from '../log/tiles.ts';
import type { Database } from './database.ts';
import { bytesOf, damaged } from './ledger-tables.ts';

/** The bytes of a tile of the present tree or of an earlier one; null where the tree has not grown so far. */
export function ledgerTiles(db: Database, size: () => bigint): ReadTile {
  return async (path) => {
    const tile = parseTilePath(path);
    if (tile === null) return null;
    const from = tile.index * BigInt(tileWidth);
    const until = from + BigInt(tile.width);
    if (until > (tile.level === 'entries' ? size() : hashesAt(tile.level, size()))) return null;
    const rows =
      tile.level === 'entries' || tile.level === 0
        ? db.all('SELECT hash FROM entry WHERE idx >= ? AND idx < ? ORDER BY idx', from, until)
        : db.all(
            'SELECT hash FROM node WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx',
            tile.level,
            from,
            until,
          );
    const hashes = rows.map((row) => bytesOf(row.hash) ?? Buffer.alloc(0));
    if (hashes.length !== tile.width || hashes.some((h) => h.length !== 32))
      throw damaged(`${path} cannot be made`);
    if (tile.level === 'entries') return bundleOf(hashes);
    return Buffer.concat(tile.level === 0 ? hashes.map(leafHash) : hashes);
  };
}
