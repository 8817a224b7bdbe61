/** `astold countersigned`: a recipient's countersignature checked against what was sealed for it, and put in the log (E5). */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLogVerifier } from '../documents/log-key.ts';
import { readRegular } from '../documents/regular-file.ts';
import type { Workspace } from '../documents/workspace.ts';
import { openLedger } from '../store/ledger.ts';
import { type Countersignature, parseCountersignature, requireSigned } from '../supply/countersignature.ts';
import { envelopeFile, openEnvelope } from '../supply/envelope.ts';
import { SupplyError } from '../supply/supply-error.ts';

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

/**
 * Checks the countersignature in `path` and appends a `receipt` entry. Throws SupplyError, LedgerError, KeyError; then
 * nothing was appended.
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
  const ledger = await openLedger(workspace.root, { waitMs: 5_000 });
  try {
    // Asked under the ledger's lock: of two at once, one is first.
    if (await exists(join(folder, receiptFile)))
      throw new SupplyError(
        'receipt-exists',
        `the receipt of ${recipient} for ${release} is in the log already`,
      );
    const { supply, manifest } = content;
    const [appended] = await ledger.append([
      {
        kind: 'receipt',
        at: new Date().toISOString(),
        ...{ release, recipient, supply, manifest, rows, rosterRoot, signedAt: at },
      },
    ]);
    if (appended === undefined) throw new RangeError('the ledger appended nothing');
    await writeFile(join(folder, receiptFile), text, { flag: 'wx', mode: 0o600 });
    return { release, recipient, rows, rosterRoot, at, index: appended.index };
  } finally {
    ledger.close();
  }
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
