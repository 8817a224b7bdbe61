/** `astold countersigned`: a recipient's countersignature checked against what was sealed for it, and put in the log (E5). */
import { open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readLogVerifier } from '../../documents/log-key.ts';
import { readRegular } from '../../documents/regular-file.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { type Ledger, openLedger } from '../../store/ledger.ts';
import { syncFolder } from '../../store/write-durably.ts';
import {
  type Countersignature,
  parseCountersignature,
  requireSigned,
} from '../../supply/countersignature.ts';
import { envelopeFile, openEnvelope } from '../../supply/envelope.ts';
import { SupplyError } from '../../supply/supply-error.ts';

export type Receipt = {
  readonly release: string;
  readonly recipient: string;
  readonly rows: number;
  readonly rosterRoot: string;
  /** When the recipient signed, by its clock. */
  readonly at: string;
  /** Its entry in the log. */
  readonly index: bigint;
};

export const receiptFile = 'receipt.note';
/** How far a recipient's clock may be from ours, in milliseconds. */
const clockSkew = 5 * 60_000;

/** What was signed for each supply, beside the log: written with its entry, so that there is one of each. */
const tables = [
  'CREATE TABLE supply_receipt (supply TEXT PRIMARY KEY, note TEXT NOT NULL, idx INTEGER NOT NULL UNIQUE) STRICT',
];

/**
 * Checks the countersignature in `path` and appends a `receipt` entry; the file beside the supply is a copy. A run that
 * was cut short between the two is finished by the next. Throws SupplyError, LedgerError, KeyError; then nothing was
 * appended.
 */
export async function acceptReceipt(workspace: Workspace, path: string): Promise<Receipt> {
  const text = (await readRegular(path)).toString('utf8');
  const { content, note } = parseCountersignature(text);
  const { release, recipient, at, rows, rosterRoot } = content;
  const key = workspace.supply.keys.get(recipient)?.signing ?? null;
  if (key === null)
    throw new SupplyError(
      'signing-key-missing',
      `${recipient} has no signing-key in organisations.yaml; nothing shows who signed`,
    );
  requireSigned(note, key);
  const folder = await supplyOf(workspace.root, content);
  const copy = join(folder, receiptFile);
  const ledger = await openLedger(workspace.root, { waitMs: 5_000 });
  try {
    ledger.migrate('supply', tables);
    const there = await exists(copy);
    const standing = receiptOf(ledger, content.supply);
    // Asked under the ledger's lock: of two at once, one is first.
    if (standing !== null && !there) await writeCopy(folder, copy, standing.note);
    if (there || (standing !== null && standing.note !== text))
      throw new SupplyError(
        'receipt-exists',
        `the receipt of ${recipient} for ${release} is in the log already`,
      );
    const index = standing?.index ?? append(ledger, text, content);
    if (standing === null) await writeCopy(folder, copy, text);
    return { release, recipient, rows, rosterRoot, at, index };
  } finally {
    ledger.close();
  }
}

function receiptOf(ledger: Ledger, supply: string): { readonly note: string; readonly index: bigint } | null {
  const [row] = ledger.all('SELECT note, idx FROM supply_receipt WHERE supply = ?', supply);
  if (typeof row?.note !== 'string' || typeof row.idx !== 'bigint') return null;
  return { note: row.note, index: row.idx };
}

function append(ledger: Ledger, text: string, content: Countersignature): bigint {
  const { release, recipient, supply, manifest, rows, rosterRoot, at: signedAt } = content;
  const said = { release, recipient, supply, manifest, rows, rosterRoot, signedAt };
  return ledger.commit((tx) => {
    const [appended] = tx.append([{ kind: 'receipt', at: new Date().toISOString(), ...said }], null);
    if (appended === undefined) throw new RangeError('the ledger appended nothing');
    tx.run('INSERT INTO supply_receipt VALUES (?, ?, ?)', supply, text, appended.index);
    return appended.index;
  });
}

/** Whole or not there. */
async function writeCopy(folder: string, path: string, text: string): Promise<void> {
  const aside = `${path}.aside`;
  const file = await open(aside, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, path);
  await syncFolder(folder);
}

/** The folder of the very supply that was countersigned; every figure of it must be as it was sealed. */
async function supplyOf(root: string, content: Countersignature): Promise<string> {
  const log = await readLogVerifier(root);
  const supplies = join(root, 'supplies', content.release);
  for (const name of await namesIn(supplies)) {
    if (!name.endsWith(`-${content.recipient}`)) continue;
    const folder = join(supplies, name);
    const { envelope, digest } = openEnvelope(await readFile(join(folder, envelopeFile), 'utf8'), log);
    if (digest !== content.supply || envelope.recipient !== content.recipient) continue;
    requireSame(content, envelope.manifest, envelope.list.rows, envelope.roster.root);
    requireInTime(content, envelope.sealedAt);
    return folder;
  }
  throw new SupplyError(
    'countersignature-of-other-release',
    `no supply of release ${content.release} for ${content.recipient} here is the one that was countersigned`,
  );
}

function requireSame(content: Countersignature, manifest: string, rows: number, rosterRoot: string): void {
  const differs = (what: string): SupplyError =>
    new SupplyError('countersignature-differs', `the countersignature does not fit what was sealed: ${what}`);
  if (content.manifest !== manifest) throw differs('its manifest is another');
  if (content.rows !== rows) throw differs(`it says ${content.rows} rows, and ${rows} were sealed`);
  if (content.rosterRoot !== rosterRoot) throw differs('its roster is another');
}

function requireInTime({ at }: Countersignature, sealedAt: string): void {
  if (Date.parse(at) > Date.now() + clockSkew)
    throw new SupplyError(
      'countersignature-future',
      `the countersignature is from ${at}, which is yet to come`,
    );
  if (Date.parse(at) < Date.parse(sealedAt) - clockSkew)
    throw new SupplyError(
      'countersignature-early',
      `the countersignature is from ${at}, before the supply was sealed`,
    );
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
