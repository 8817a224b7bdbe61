/** The head of an organisation's log: locked by whoever appends, so that a log has one next entry and one clock. */
import { createHash } from 'node:crypto';
import { readLogVerifier } from '../../documents/log-key.ts';
import { openCheckpoint } from '../../log/checkpoint.ts';
import { type CompactRange, rangeRoot } from '../../log/compact-range.ts';
import type { ReadRows, SqlRow } from '../ledger.ts';
import { bytesOf, damaged } from '../ledger-cells.ts';
import { postgresDialect } from '../ledger-dialect.ts';
import { edgeOf } from '../ledger-edge.ts';
import { ledgerReader } from '../ledger-entries.ts';
import { LedgerError } from '../ledger-error.ts';
import { lost } from '../log-begun.ts';
import { publishedText, requireBorneOut } from '../standing-checkpoint.ts';
import { type Held, heldBy } from './log-held.ts';

/** Whose log it is, and the workspace with its keys and what was published. */
export type OwnLog = { readonly org: string; readonly root: string };

export const headVersion = 1n;

export type LogHead = CompactRange & {
  readonly origin: string;
  /** Milliseconds: nothing was logged or decided after it. */
  readonly latest: number;
  /** SHA-256 of the checkpoint it was last found to bear out; empty: of none; or that it was put back (`heldSince`). */
  readonly published: string;
};

export const headColumns = 'version, origin, size, edge, latest, published';

/** The head as it stands; null where the log was never begun here. Throws LedgerError `ledger-version`, `ledger-damaged`. */
export async function readHead(all: ReadRows, org: string): Promise<LogHead | null> {
  const [row] = await all(`SELECT ${headColumns} FROM log_head WHERE org = ?`, org);
  return row === undefined ? null : headOf(row);
}

/**
 * The head, which is the caller's until its transaction ends, and which bears out what was published: else nothing may be
 * appended (a log never forks). Throws LedgerError `ledger-missing`, `ledger-behind`, `ledger-forked`, `ledger-held-back`,
 * `ledger-damaged`, LogError.
 */
export async function lockHead(all: ReadRows, { org, root }: OwnLog): Promise<LogHead> {
  const [row] = await all(`SELECT ${headColumns} FROM log_head WHERE org = ? FOR UPDATE`, org);
  if (row === undefined) throw lost(`the log of "${org}" in the database`, 'the database');
  const head = headOf(row);
  const published = await borneOut(all, root, head);
  if (published !== head.published)
    await all('UPDATE log_head SET published = ? WHERE org = ?', published, org);
  return { ...head, published };
}

/** Requires it of the checkpoint that stands in the log's folder; gives its SHA-256, empty where none ever stood there. */
export async function borneOut(all: ReadRows, root: string, head: LogHead): Promise<string> {
  const text = await publishedText(root);
  const held = heldBy(head.published, text);
  if (held !== null) throw heldBack(head, held);
  if (text === null) return '';
  const digest = createHash('sha256').update(text).digest('hex');
  // Asked in full once for each checkpoint: entries are only ever added to those it was asked of.
  if (digest === head.published) return digest;
  const checkpoint = openCheckpoint(text, await readLogVerifier(root));
  const tree = { size: head.size, root: rangeRoot(head) };
  const { readTile } = ledgerReader(postgresDialect, all, async () => tree);
  await requireBorneOut(checkpoint, tree, readTile);
  return digest;
}

const heldBack = ({ size }: LogHead, held: Held): LedgerError =>
  new LedgerError(
    'ledger-held-back',
    held.kind === 'restored'
      ? `the log was put back at ${size} entries from a backup made at ${held.made}, and more may have been published since; say what was: astold organisation resume`
      : `the log has ${size} entries, and the checkpoint that was published of it is gone; put its folder back, or say what was published: astold organisation resume`,
  );

export function headOf({ version, origin, size, edge, latest, published }: SqlRow): LogHead {
  if (version !== headVersion)
    throw new LedgerError('ledger-version', 'the log was written by another version of this program');
  if (typeof size !== 'bigint' || typeof latest !== 'bigint')
    throw damaged('its head does not say how far it is');
  return {
    ...edgeOf(size, bytesOf(edge)),
    origin: String(origin),
    latest: Number(latest),
    published: String(published),
  };
}
