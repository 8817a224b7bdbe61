/** `astold countersigned`: a recipient's countersignature checked against what was sealed for it, and put in the log (E5). */
import { open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readLogVerifier } from '../../documents/log-key.ts';
import { readRegular } from '../../documents/regular-file.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Alongside, LedgerPlace, LedgerTx } from '../../store/ledger.ts';
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

/** How long another may keep the ledger. */
const patience = 5_000;

/** As `acceptCountersignature`, of the file at `path`. */
export async function acceptReceipt(
  workspace: Workspace,
  place: LedgerPlace,
  path: string,
): Promise<Receipt> {
  return acceptCountersignature(workspace, place, (await readRegular(path)).toString('utf8'), null);
}

/**
 * Checks a countersignature and appends a `receipt` entry, with what `alongside` writes; the file beside the supply is a
 * copy. A run that was cut short between the two is finished by the next. Throws SupplyError, LedgerError, KeyError; then
 * nothing was appended.
 */
export async function acceptCountersignature(
  workspace: Workspace,
  place: LedgerPlace,
  text: string,
  alongside: Alongside<Receipt> | null,
): Promise<Receipt> {
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
  const ledger = await place.open({ waitMs: patience });
  try {
    await ledger.migrate('supply', tables);
    const there = await exists(copy);
    // Asked where nobody else can append: of two at once, one is first.
    const found = await ledger.commit(async (tx): Promise<Standing | null> => {
      const standing = await standingOf(tx, content.supply);
      if (standing !== null) return standing;
      if (there) return null;
      const index = await append(tx, text, content);
      await alongside?.(tx, { release, recipient, rows, rosterRoot, at, index });
      return { note: text, index };
    });
    if (found !== null && !there) await writeCopy(folder, copy, found.note);
    if (found === null || there || found.note !== text)
      throw new SupplyError(
        'receipt-exists',
        `the receipt of ${recipient} for ${release} is in the log already`,
      );
    return { release, recipient, rows, rosterRoot, at, index: found.index };
  } finally {
    await ledger.close();
  }
}

/** What is in the log for a supply. */
type Standing = { readonly note: string; readonly index: bigint };

async function standingOf(tx: LedgerTx, supply: string): Promise<Standing | null> {
  const [row] = await tx.all('SELECT note, idx FROM supply_receipt WHERE supply = ?', supply);
  if (typeof row?.note !== 'string' || typeof row.idx !== 'bigint') return null;
  return { note: row.note, index: row.idx };
}

async function append(tx: LedgerTx, text: string, content: Countersignature): Promise<bigint> {
  const { release, recipient, supply, manifest, rows, rosterRoot, at: signedAt } = content;
  const said = { release, recipient, supply, manifest, rows, rosterRoot, signedAt };
  const at = new Date(tx.now()).toISOString();
  const [appended] = await tx.append([{ kind: 'receipt', at, ...said }], null);
  if (appended === undefined) throw new RangeError('the ledger appended nothing');
  await tx.run(
    'INSERT INTO supply_receipt (supply, note, idx) VALUES (?, ?, ?)',
    supply,
    text,
    appended.index,
  );
  return appended.index;
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
