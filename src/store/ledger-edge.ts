/** The edge of the tree as a ledger keeps it: the hashes of a compact range, one after the other. */
import type { CompactRange } from '../log/compact-range.ts';
import { hashBytes } from '../log/merkle.ts';
import { damaged } from './ledger-cells.ts';

/** Throws LedgerError `ledger-damaged`. */
export function edgeOf(size: bigint, edge: Buffer | null): CompactRange {
  const subtrees = size.toString(2).replaceAll('0', '').length;
  if (edge?.length !== subtrees * hashBytes) throw damaged('its edge does not fit its size');
  const hashes = Array.from({ length: subtrees }, (_, i) =>
    edge.subarray(i * hashBytes, (i + 1) * hashBytes),
  );
  return { size, hashes };
}

export const edgeBytes = ({ hashes }: CompactRange): Buffer => Buffer.concat(hashes);
