/**
 * Destroying the secrets of a person who is erased (E8): their token can never be made again, nor their commitment
 * opened. That it was done is remembered under keyed hashes, so that a copy put back brings nothing back.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { deriveKey, KeyError, type OrganisationKey, readKeys } from '../documents/key.ts';
import type { Engine } from './engine.ts';
import {
  commitmentsName,
  openVault,
  requireWhole,
  secretsFile,
  sourceVault,
  VaultError,
  withLock,
  writePrivate,
} from './vault.ts';

export const destroyedFile = 'destroyed.parquet';
/** `unknown`: ids that had no secrets to destroy. */
export type Destroyed = { readonly destroyed: number; readonly unknown: number };

const erasedTable = 'astold_erased';
const rowsAtOnce = 1000;

/**
 * Destroys the nonces and salts of these records: the file is written without them, and the old bytes are overwritten.
 * The commitments of the source go too; the next `ensureSecrets` makes them again, with new secrets for whoever is
 * still there. A release that reads the old file meanwhile fails. Errors: VaultError, KeyError.
 */
export async function destroySecrets(
  engine: Engine,
  root: string,
  source: string,
  records: readonly string[],
): Promise<Destroyed> {
  const dir = openVault(root, source);
  return withLock(join(dir, 'lock'), `the secrets of source "${source}"`, async () => {
    const secrets = join(dir, secretsFile);
    if (!existsSync(secrets))
      throw new VaultError(
        'secrets-missing',
        `${secrets} is not there: no secrets were drawn for "${source}"`,
      );
    requireWhole(secrets);
    const { current } = await readKeys(root);
    await namedRecords(engine, records);
    try {
      return await rewrite(engine, dir, secrets, current);
    } finally {
      await engine.run(`DROP TABLE ${erasedTable}`);
    }
  });
}

async function rewrite(
  engine: Engine,
  dir: string,
  secrets: string,
  key: OrganisationKey,
): Promise<Destroyed> {
  const { dialect } = engine;
  const from = dialect.parquet(secrets);
  const [counted] = await engine.rows(
    `SELECT (SELECT COUNT(*) FROM ${from} s JOIN ${erasedTable} e ON e.rid = s.rid) AS found, (SELECT COUNT(*) FROM ${erasedTable}) AS asked`,
  );
  const [found, asked] = [Number(counted?.found), Number(counted?.asked)];
  if (found === 0) return { destroyed: 0, unknown: asked };
  // In this order: killed in between, the next run sees that there is something to do, and what must not come back.
  for (const name of readdirSync(dir)) if (commitmentsName.test(name)) rmSync(join(dir, name));
  const remembered = join(dir, destroyedFile);
  const fresh = `SELECT ${dialect.literal(key.id)} AS "key", ${recordHash(engine, key, 's')} AS record, ${secretHash(engine, key, 's')} AS secret
    FROM ${from} s JOIN ${erasedTable} e ON e.rid = s.rid`;
  await writePrivate(dir, remembered, async (aside) => {
    const before = existsSync(remembered)
      ? `SELECT "key", record, secret FROM ${dialect.parquet(remembered)} UNION ALL `
      : '';
    await engine.copy(`${before}${fresh}`, aside, 'parquet');
  });
  const old = openSync(secrets, 'r+');
  try {
    await writePrivate(dir, secrets, async (aside) => {
      await engine.copy(
        `SELECT s.rid, s.nonce, s.salt FROM ${from} s WHERE NOT EXISTS (SELECT 1 FROM ${erasedTable} e WHERE e.rid = s.rid)`,
        aside,
        'parquet',
      );
    });
    overwrite(old);
  } finally {
    closeSync(old);
  }
  return { destroyed: found, unknown: asked - found };
}

/** A condition that keeps the rows of secrets (`at` names them) which were never destroyed. */
export async function notDestroyed(engine: Engine, dir: string, root: string, at: string): Promise<string> {
  const path = join(dir, destroyedFile);
  if (!existsSync(path)) return 'TRUE';
  requireWhole(path);
  const from = engine.dialect.parquet(path);
  const known = await keysOf(engine, root, from);
  // Also the hashes of a key that nothing was remembered under: the file may be of no rows.
  return known
    .map(
      (key) =>
        `${secretHash(engine, key, at)} NOT IN (SELECT secret FROM ${from} x WHERE x."key" = ${engine.dialect.literal(key.id)})`,
    )
    .join(' AND ');
}

/** Whether secrets of this record were ever destroyed; it may have new ones. */
export async function wasDestroyed(
  engine: Engine,
  root: string,
  source: string,
  record: string,
): Promise<boolean> {
  return (await destroyedAmong(engine, root, source, [record])).has(record);
}

/** The same of a few records: those whose secrets were ever destroyed. */
export async function destroyedAmong(
  engine: Engine,
  root: string,
  source: string,
  records: readonly string[],
): Promise<ReadonlySet<string>> {
  const path = join(sourceVault(root, source), destroyedFile);
  if (records.length === 0 || !existsSync(path)) return new Set();
  requireWhole(path);
  const { dialect } = engine;
  const from = dialect.parquet(path);
  const asked = `(${records.map((record) => `SELECT ${dialect.literal(record)} AS rid`).join(' UNION ALL ')}) r`;
  const found = new Set<string>();
  for (const key of await keysOf(engine, root, from)) {
    const rows = await engine.rows(
      `SELECT r.rid AS rid FROM ${from} x JOIN ${asked} ON x.record = ${recordHash(engine, key, 'r')} WHERE x."key" = ${dialect.literal(key.id)}`,
    );
    for (const { rid } of rows) found.add(String(rid));
  }
  return found;
}

/** All keys that something is remembered under, or could be. Throws KeyError where one of them is gone. */
async function keysOf(engine: Engine, root: string, from: string): Promise<readonly OrganisationKey[]> {
  const { current, earlier } = await readKeys(root);
  const keys = [current, ...earlier];
  const used = await engine.rows(`SELECT DISTINCT "key" FROM ${from} x`);
  const gone = used.find(({ key }) => !keys.some(({ id }) => id === key));
  if (gone === undefined) return keys;
  throw new KeyError(
    'key-unknown',
    `what was destroyed is remembered under the key ${gone.key}, which is not in keys/; put it back from where you keep copies`,
  );
}

const hashKey = ({ key }: OrganisationKey): string => deriveKey(key, 'astold/1/destroyed');
const recordHash = ({ dialect }: Engine, key: OrganisationKey, at: string): string =>
  dialect.keyedHash(hashKey(key), `'record/' || ${at}.rid`);
const secretHash = ({ dialect }: Engine, key: OrganisationKey, at: string): string =>
  dialect.keyedHash(hashKey(key), `'secret/' || ${at}.nonce || ${at}.rid`);

async function namedRecords({ dialect, run }: Engine, records: readonly string[]): Promise<void> {
  const each = [...new Set(records)];
  await run(`CREATE TEMP TABLE ${erasedTable} (rid VARCHAR)`);
  for (let start = 0; start < each.length; start += rowsAtOnce) {
    const values = each.slice(start, start + rowsAtOnce).map((rid) => `(${dialect.literal(rid)})`);
    await run(`INSERT INTO ${erasedTable} VALUES ${values.join(', ')}`);
  }
}

/** Where the file system writes in place, the old bytes are gone from the disk too; where it does not, nobody can say. */
function overwrite(file: number): void {
  const zeros = Buffer.alloc(1 << 20);
  const { size } = fstatSync(file);
  for (let at = 0; at < size; at += zeros.length)
    writeSync(file, zeros, 0, Math.min(zeros.length, size - at), at);
  fsyncSync(file);
}
