/** What is done with a log that is held back, or behind what stands in its folder, before it may go on. */
import { readLogVerifier } from '../../documents/log-key.ts';
import { type Checkpoint, openCheckpoint } from '../../log/checkpoint.ts';
import { appendLeaves, rangeRoot } from '../../log/compact-range.ts';
import { LogError } from '../../log/log-error.ts';
import { leafHash } from '../../log/merkle.ts';
import { entriesOf, type ReadTile, tileOf, tilePath, tileWidth } from '../../log/tiles.ts';
import { readTile } from '../../log/tree-reader.ts';
import type { ReadRows } from '../ledger.ts';
import { postgresDialect } from '../ledger-dialect.ts';
import { ledgerReader } from '../ledger-entries.ts';
import { lost } from '../log-begun.ts';
import { publishedText, requireBorneOut } from '../standing-checkpoint.ts';
import { grow, insertGrowth, writeHead } from './append.ts';
import { rowsIn } from './ledger-query.ts';
import { headColumns, headOf, type LogHead, type OwnLog } from './log-head.ts';
import { type Held, heldBy } from './log-held.ts';
import type { Tx } from './state.ts';

export type HeldLog = {
  readonly head: LogHead;
  /** `behind`: it has fewer entries than what stands in the folder. */
  readonly why: Held | { readonly kind: 'behind' };
  /** In the log's folder. */
  readonly standing: Checkpoint | null;
};

/**
 * The caller's until its transaction ends; null where nothing keeps the log from going on. Throws LedgerError
 * `ledger-missing`, `ledger-damaged`, and `ledger-forked` where only a later backup helps; LogError, KeyError.
 */
export async function lockHeldLog(all: ReadRows, { org, root }: OwnLog): Promise<HeldLog | null> {
  const [row] = await all(`SELECT ${headColumns} FROM log_head WHERE org = ? FOR UPDATE`, org);
  if (row === undefined) throw lost(`the log of "${org}" in the database`, 'the database');
  const head = headOf(row);
  const text = await publishedText(root);
  const standing = text === null ? null : openCheckpoint(text, await readLogVerifier(root));
  const held = heldBy(head.published, text);
  if (held !== null) return { head, why: held, standing };
  if (standing === null) return null;
  if (standing.size > head.size) return { head, why: { kind: 'behind' }, standing };
  const tree = { size: head.size, root: rangeRoot(head) };
  await requireBorneOut(standing, tree, ledgerReader(postgresDialect, all, async () => tree).readTile);
  return null;
}

/** From the next transaction on it goes on, if it bears out what stands in the folder. */
export async function letGo(all: ReadRows, org: string): Promise<void> {
  await all("UPDATE log_head SET published = '' WHERE org = ?", org);
}

/**
 * The entries of a published checkpoint that the ledger lost, taken from its tiles: what they were of is gone, as of what was
 * destroyed, and the log stays the one it was. Throws LogError where the tiles are not those of the checkpoint, or are of
 * another past than the ledger's.
 */
export async function takeLost(
  tx: Tx,
  org: string,
  head: LogHead,
  checkpoint: Checkpoint,
  read: ReadTile,
): Promise<LogHead> {
  const entries = await entriesSince(head.size, checkpoint.size, read);
  const range = appendLeaves(head, entries.map(leafHash), () => {});
  if (!rangeRoot(range).equals(checkpoint.root))
    throw new LogError(
      'log-forked',
      `the ${head.size} entries here and those after them in the published log do not give what its checkpoint signs`,
    );
  const blank = { content: { kind: 'log-restored', at: '' }, text: '', salt: Buffer.alloc(16) } as const;
  const growth = grow(
    head,
    entries.map((entry) => ({ ...blank, entry })),
  );
  await insertGrowth(tx, org, growth);
  await rowsIn(tx)('UPDATE opening SET destroyed = 1 WHERE idx >= ?', head.size);
  await writeHead(tx, org, growth.range, head.latest);
  return { ...head, ...growth.range };
}

async function entriesSince(from: bigint, size: bigint, read: ReadTile): Promise<readonly Buffer[]> {
  const found: Buffer[] = [];
  for (let next = from; next < size; ) {
    const tile = tileOf('entries', next, size);
    const first = tile.index * BigInt(tileWidth);
    const all = entriesOf(tilePath(tile), await readTile(read, tile), tile.width);
    found.push(...all.slice(Number(next - first)));
    next = first + BigInt(tile.width);
  }
  return found;
}
