/**
 * The nonce and the salt of each record (E1, E2): drawn when a record is first ingested, kept in the vault, destroyed
 * by erasure (E8). From the nonce and the organisation's key comes the person's token; under the salt stands the
 * commitment to what the record held.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deriveKey, type OrganisationKey, readKeyOf, readKeys } from '../documents/key.ts';
import { masterKeyInfo, masterToken } from '../roster/token.ts';
import { commitmentsSelect } from './commitments.ts';
import { copySorted } from './copy-sorted.ts';
import { destroyedFile, notDestroyed, wasDestroyed } from './destroyed.ts';
import type { Engine } from './engine.ts';
import { jsonOf } from './ingest/kept.ts';
import { isWholeParquet } from './ingest/publish.ts';
import {
  commitmentsName,
  fingerprint,
  openVault,
  requireWhole,
  secretsFile,
  sourceVault,
  VaultError,
  withLock,
  writePrivate,
} from './vault.ts';

export type SecretsOf = {
  /** Root of the workspace. */
  readonly root: string;
  /** Id of the source. */
  readonly source: string;
  readonly snapshot: { readonly dir: string; readonly digest: string };
};
export type Secrets = {
  /** Parquet: `rid`, `nonce`, `salt`. A record whose secrets were destroyed is not in it. */
  readonly secrets: string;
  /** Parquet: `row`, `commitment` (64 hex), of every record of the snapshot. */
  readonly commitments: string;
  /** What master tokens of this source are hashed under: 32 ASCII characters, never to be shown. */
  readonly masterKey: string;
  /** The organisation's key it was derived of; every release says which. */
  readonly keyId: string;
};

export const keyIdFile = 'key-id';

/**
 * Draws what is missing for the records of a snapshot, and commits to what they held; what is known stays. Cheap where
 * nothing is missing. Errors: VaultError, KeyError.
 */
export async function ensureSecrets(engine: Engine, { root, source, snapshot }: SecretsOf): Promise<Secrets> {
  const dir = openVault(root, source);
  return withLock(join(dir, 'lock'), `the secrets of source "${source}"`, async () => {
    const secrets = join(dir, secretsFile);
    const commitments = join(dir, `commitments-${snapshot.digest}.parquet`);
    if (!existsSync(secrets)) await begin(root, source, dir);
    else requireWhole(secrets);
    const token = await tokenKey(root, source);
    if (!areOf(commitments, secrets)) {
      await draw(engine, dir, snapshot.dir, root);
      await writePrivate(dir, commitments, async (aside) => {
        const rows = await countRecords(engine, snapshot.dir);
        const select = await commitmentsSelect(engine, snapshot.dir, secrets);
        const written = await copySorted(engine, select, { order: '"row"', rows, path: aside });
        await requireAll(engine, snapshot.dir, written);
      });
      await writePrivate(dir, underOf(commitments), async (aside) =>
        writeFileSync(aside, fingerprint(secrets)),
      );
      forgetOld(dir, dirname(snapshot.dir), snapshot.digest);
    }
    return { secrets, commitments, ...token };
  });
}

const underOf = (commitments: string): string => commitments.replace(/parquet$/, 'under');

/** Whether commitments are there, and were made under these very secrets: a copy put back since is another file. */
function areOf(commitments: string, secrets: string): boolean {
  const under = underOf(commitments);
  return (
    existsSync(secrets) &&
    isWholeParquet(commitments, null) &&
    existsSync(under) &&
    readFileSync(under, 'utf8') === fingerprint(secrets)
  );
}

/** The key that master tokens of a source are hashed under. Throws VaultError `secrets-missing`, KeyError. */
export async function tokenKey(root: string, source: string): Promise<{ masterKey: string; keyId: string }> {
  const path = join(sourceVault(root, source), keyIdFile);
  const id = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  if (!/^[0-9a-f]{16}$/.test(id)) {
    throw new VaultError(
      'secrets-missing',
      `${path} does not say under which key the tokens of "${source}" are made; put the vault back from its copy`,
    );
  }
  return { masterKey: masterKeyOf(await readKeyOf(root, id), source), keyId: id };
}

export const masterKeyOf = ({ key }: Pick<OrganisationKey, 'key'>, source: string): string =>
  deriveKey(key, masterKeyInfo(source));

/**
 * The first draw of a source. Its tokens keep the key they began with, whatever the current one is later: a receipt
 * given before a rotation must hold against every release after it (E1). Refuses where secrets were drawn before.
 */
async function begin(root: string, source: string, dir: string): Promise<void> {
  const left = readdirSync(dir).find((name) => commitmentsName.test(name) || name === destroyedFile);
  const rests = left === undefined ? releaseResting(root, source) : join(dir, left);
  if (rests !== null) {
    throw new VaultError(
      'secrets-missing',
      `${join(dir, secretsFile)} is not there, and ${rests} rests on it: new secrets would cut everyone off from what was released; put it back from its copy`,
    );
  }
  const { current } = await readKeys(root);
  await writePrivate(dir, join(dir, keyIdFile), async (aside) => {
    writeFileSync(aside, `${current.id}\n`);
  });
}

/** A release of the source that has a roster. */
function releaseResting(root: string, source: string): string | null {
  const releases = join(root, 'releases');
  if (!existsSync(releases)) return null;
  for (const name of readdirSync(releases)) {
    if (name.startsWith('.') || !existsSync(join(releases, name, 'roster.txt'))) continue;
    const manifest = jsonOf(join(releases, name, 'manifest.json'));
    // One that cannot be read may be of this source.
    const of = sourceIn(manifest);
    if (of === null || of === source) return join(releases, name);
  }
  return null;
}

function sourceIn(manifest: unknown): string | null {
  if (typeof manifest !== 'object' || manifest === null || !('source' in manifest)) return null;
  const { source } = manifest;
  if (typeof source !== 'object' || source === null || !('id' in source)) return null;
  return typeof source.id === 'string' ? source.id : null;
}

/** Keeps what is known and was not destroyed, and draws for the rest of the snapshot; writes nothing if there is none. */
async function draw(engine: Engine, dir: string, snapshotDir: string, root: string): Promise<void> {
  const { dialect } = engine;
  const secrets = join(dir, secretsFile);
  const records = dialect.parquet(join(snapshotDir, 'records.parquet'));
  const kept = existsSync(secrets)
    ? `SELECT s.rid, s.nonce, s.salt FROM ${dialect.parquet(secrets)} s WHERE ${await notDestroyed(engine, dir, root, 's')}`
    : null;
  const wanted =
    kept === null
      ? `SELECT rid FROM ${records}`
      : `SELECT r.rid FROM ${records} r WHERE NOT EXISTS (SELECT 1 FROM (${kept}) k WHERE k.rid = r.rid)`;
  if (kept !== null) {
    const [counted] = await engine.rows(
      `SELECT (SELECT COUNT(*) FROM (${wanted}) w) AS wanted, (SELECT COUNT(*) FROM ${dialect.parquet(secrets)}) AS known, (SELECT COUNT(*) FROM (${kept}) k) AS kept`,
    );
    if (counted?.wanted === 0 && counted.known === counted.kept) return;
  }
  // 192 bits that nobody keeps: one hash of them and the record id gives both, and neither tells the other.
  const seed = randomBytes(24).toString('base64url');
  const drawn = `SELECT d.rid, SUBSTRING(d.h, 1, 32) AS nonce, SUBSTRING(d.h, 33, 32) AS salt
    FROM (SELECT w.rid, ${dialect.sha256(`${dialect.literal(seed)} || w.rid`)} AS h FROM (${wanted}) w) d`;
  await writePrivate(dir, secrets, async (aside) => {
    await engine.copy(kept === null ? drawn : `${kept} UNION ALL ${drawn}`, aside, 'parquet');
  });
}

async function countRecords({ dialect, rows }: Engine, snapshotDir: string): Promise<number> {
  const path = join(snapshotDir, 'records.parquet');
  const [counted] = await rows(`SELECT COUNT(*) AS n FROM ${dialect.parquet(path)}`);
  return Number(counted?.n);
}

async function requireAll({ dialect, rows }: Engine, snapshotDir: string, written: number): Promise<void> {
  const path = join(snapshotDir, 'records.parquet');
  const [counted] = await rows(`SELECT COUNT(*) AS n FROM ${dialect.parquet(path)}`);
  if (Number(counted?.n) === written) return;
  throw new VaultError(
    'secrets-broken',
    `${path} holds ${counted?.n} records, and secrets stand for ${written} of them; put the vault back from its copy`,
  );
}

/** Commitments can be made again from the secrets: they go with the snapshot they are of. */
function forgetOld(dir: string, snapshots: string, digest: string): void {
  for (const name of readdirSync(dir)) {
    const of = commitmentsName.exec(name)?.[1];
    if (of !== undefined && of !== digest && !existsSync(join(snapshots, of)))
      rmSync(join(dir, name), { force: true });
  }
}

/**
 * The master token of a record, for the person it is of. Throws VaultError `record-unknown`, `secrets-destroyed`,
 * `secrets-missing`, `secrets-broken`; KeyError.
 */
export async function masterOf(
  engine: Engine,
  { root, source, record }: { readonly root: string; readonly source: string; readonly record: string },
): Promise<string> {
  const path = join(sourceVault(root, source), secretsFile);
  if (!existsSync(path)) {
    throw new VaultError(
      'secrets-missing',
      `${path} is not there: "${source}" was not ingested, or its vault is lost`,
    );
  }
  requireWhole(path);
  const { masterKey } = await tokenKey(root, source);
  const { dialect } = engine;
  const rows = await engine.rows(
    `SELECT s.nonce FROM ${dialect.parquet(path)} s
     WHERE s.rid = ${dialect.literal(record)} AND ${await notDestroyed(engine, sourceVault(root, source), root, 's')}`,
  );
  const [first, second] = rows;
  if (first === undefined) {
    throw (await wasDestroyed(engine, root, source, record))
      ? new VaultError(
          'secrets-destroyed',
          'that record was erased: its token was destroyed and cannot be made again',
        )
      : new VaultError(
          'record-unknown',
          `source "${source}" has no such record: nothing was ever ingested under that id`,
        );
  }
  if (second !== undefined || typeof first.nonce !== 'string')
    throw new VaultError(
      'secrets-broken',
      `${path} does not hold one nonce for that record; put it back from its copy`,
    );
  return masterToken(masterKey, first.nonce, record);
}
