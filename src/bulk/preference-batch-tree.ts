/** The RFC 6962 tree over the rows of a batch of preference events: its leaves are the commitments, as bytes. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { inclusionProof, leafHash, rootOf } from '../log/merkle.ts';
import type { Engine } from './engine.ts';

export type BatchTree = {
  readonly size: number;
  readonly root: Buffer;
  /** The audit path of the row asked, from the leaf up; null where none was. */
  readonly path: readonly string[] | null;
};
const lineBytes = 65;
const linesAtOnce = 16_384;

/** The RFC 6962 tree over the commitments of a batch; `work` is a folder to write in. */
export async function treeOf(
  engine: Engine,
  salts: string,
  work: string,
  row: number | null,
): Promise<BatchTree> {
  const lines = join(work, 'commitments.txt');
  await engine.copy(`SELECT commitment FROM ${engine.dialect.parquet(salts)} ORDER BY "row"`, lines, 'lines');
  let size = 0;
  // A chunk is a whole subtree, but for the last: its root stands for it. The chunk of the row itself is kept.
  const chunks: Buffer[] = [];
  let own: readonly Buffer[] = [];
  const file = openSync(lines, 'r');
  try {
    const buffer = Buffer.alloc(lineBytes * linesAtOnce);
    for (let at = 0; ; at += buffer.length) {
      const read = readSync(file, buffer, 0, buffer.length, at);
      if (read === 0) break;
      if (read % lineBytes !== 0) throw new RangeError('a commitment is 64 hex digits');
      const text = buffer.toString('latin1', 0, read);
      const leaves = text.split('\n', read / lineBytes).map((line) => leafHash(Buffer.from(line, 'hex')));
      size += leaves.length;
      if (row !== null && Math.floor(row / linesAtOnce) === chunks.length) own = leaves;
      chunks.push(rootOf(leaves));
    }
  } finally {
    closeSync(file);
  }
  return { size, root: rootOf(chunks), path: row === null ? null : pathOf(row, own, chunks) };
}

/** The path in the chunk, then that of the chunk. */
function pathOf(row: number, own: readonly Buffer[], chunks: readonly Buffer[]): readonly string[] {
  const inside = inclusionProof(own, BigInt(row % linesAtOnce));
  const above = inclusionProof(chunks, BigInt(Math.floor(row / linesAtOnce)));
  return [...inside, ...above].map((hash) => hash.toString('hex'));
}
