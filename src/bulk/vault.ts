/**
 * The vault: what must never be lost and never be made again. A folder for each source, its owner's alone, and one
 * process at a time that changes it.
 */
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isWholeParquet, writeWhole } from './ingest/publish.ts';

export const secretsFile = 'secrets.parquet';
/** The commitments of a snapshot, which secrets they were made under, and the root of the tree over them. */
export const commitmentsName = /^commitments-(.+)\.(?:parquet|under|root)$/;

export type VaultErrorCode =
  | 'vault-permissions'
  /** Another process changes the same folder. */
  | 'vault-busy'
  /** What other files of the vault or a release rest on is not there. */
  | 'secrets-missing'
  | 'secrets-broken'
  | 'record-unknown'
  /** They were destroyed when the person was erased (E8). */
  | 'secrets-destroyed'
  | 'snapshot-unreadable';
export class VaultError extends Error {
  readonly code: VaultErrorCode;
  constructor(code: VaultErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'VaultError';
    this.code = code;
  }
}

/** The vault's folder of a source; it may not be there. */
export function sourceVault(root: string, source: string): string {
  // As in documents: a name that leads nowhere else.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(source))
    throw new RangeError(`"${source}" is no id of a source`);
  return join(root, 'vault/sources', source);
}

/** Makes the vault's folder of a source. Throws VaultError where others may look into the vault. */
export function openVault(root: string, source: string): string {
  const dir = sourceVault(root, source);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  requirePrivate(join(root, 'vault'));
  return dir;
}

function requirePrivate(path: string): void {
  const mode = statSync(path).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  throw new VaultError(
    'vault-permissions',
    `${path} is open to others (mode ${mode.toString(8)}); run: chmod 700 ${path}`,
  );
}

const patience = 60_000;
const pause = 40;

/**
 * Runs `work` while no other process, nor another part of this one, holds the same lock. The system frees it when its
 * process ends, however that ends. Throws VaultError `vault-busy` after a minute of waiting.
 */
export async function withLock<T>(path: string, what: string, work: () => Promise<T>): Promise<T> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    chmodSync(path, 0o600);
    const until = performance.now() + patience;
    while (!taken(() => database.exec('BEGIN EXCLUSIVE'))) {
      if (performance.now() > until)
        throw new VaultError('vault-busy', `another run is changing ${what}; wait for it and try again`);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return await work();
  } finally {
    database.close();
  }
}

const sqliteBusy = 5;
function taken(take: () => void): boolean {
  try {
    take();
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return false;
    throw error;
  }
}

/** Throws VaultError `secrets-broken`. */
export function requireWhole(path: string): void {
  if (isWholeParquet(path, null)) return;
  throw new VaultError(
    'secrets-broken',
    `${path} is cut short or no Parquet file; put it back from its copy`,
  );
}

/** Written aside, for its owner alone, synced, then given its name. */
export async function writePrivate(
  dir: string,
  path: string,
  write: (aside: string) => Promise<void>,
): Promise<void> {
  await writeWhole(dir, path, async (aside) => {
    await write(aside);
    chmodSync(aside, 0o600);
  });
}

const tail = 1 << 16;

/** Tells one version of a Parquet file from another by its size and its end, where it sums up what it holds. */
export function fingerprint(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(tail, size));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return createHash('sha256').update(`${size}\n`).update(bytes).digest('hex');
  } finally {
    closeSync(file);
  }
}
