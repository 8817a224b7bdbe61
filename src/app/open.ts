/**
 * `astold open`: the holder of the key and the vault opens just the rows that an auditor's sample picked: record id, raw
 * values and salt, into a file for its owner alone.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OpenedRow, openRows, pickRows } from '../bulk/sample.ts';
import { secretsFile, sourceVault } from '../bulk/vault.ts';
import { deriveKey, readKeys } from '../documents/key.ts';
import { readLogVerifier } from '../documents/log-key.ts';
import { readRegular } from '../documents/regular-file.ts';
import { EvidenceError } from '../evidence/evidence-error.ts';
import { type Opened, rankKey, readSample } from '../evidence/sample.ts';
import { soundFolder, withEngine } from './sample.ts';

export type OpenedRows = {
  readonly release: string;
  readonly file: string;
  readonly rows: number;
  /** Rows that cannot be opened any more: their secrets were destroyed with the person's erasure (E8). */
  readonly gone: number;
};

/**
 * `rows` is the path of a sample, `out` the file to write, which must not be there. Opens nothing where the sample is not
 * what its checkpoint and nonce pick. Throws EvidenceError, KeyError, LogError, VaultError.
 */
export async function openSample(
  root: string,
  release: string,
  rows: string,
  out: string,
): Promise<OpenedRows> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(release) || !existsSync(join(root, 'evidence', release)))
    throw new EvidenceError(
      'release-unknown',
      `there is no evidence of a release "${release}" in this workspace`,
    );
  const dir = join(root, 'evidence', release);
  const log = await readLogVerifier(root);
  const folder = await soundFolder(dir, log);
  const { manifest } = folder;
  const sample = readSample(await readRegular(rows));
  if (sample.release !== manifest.release)
    throw new EvidenceError(
      'sample-other',
      `the sample is of release ${sample.release}, and this is ${manifest.release}`,
    );
  const rank = rankKey(sample, BigInt(folder.logProof.size), log);
  const snapshotDir = join(root, '.astold/snapshots', folder.context.records);
  const secrets = join(sourceVault(root, manifest.source.id), secretsFile);
  if (!existsSync(join(snapshotDir, 'records.parquet')) || !existsSync(secrets)) {
    throw new EvidenceError(
      'snapshot-gone',
      'what was ingested for this release is no longer here: put the files of its source back and run astold ingest',
    );
  }
  const { current, earlier } = await readKeys(root);
  const found = await withEngine(async (engine): Promise<readonly OpenedRow[]> => {
    const picked = await pickRows(engine, join(dir, 'predicates.parquet'), rank, sample.rows.length);
    if (picked.join() !== sample.rows.join())
      throw new EvidenceError(
        'sample-other',
        'the checkpoint and the nonce pick other rows than the sample names; nothing is opened',
      );
    // The key may have been changed since: the right one is the one that finds them.
    for (const { key } of [current, ...earlier]) {
      const info = `astold/1/decisions/${manifest.release}/${manifest.source.id}`;
      const opened = await openRows(engine, {
        snapshotDir,
        secrets,
        key: deriveKey(key, info),
        pseudonyms: picked,
      });
      if (opened.length > 0) return opened;
    }
    return [];
  });
  const opened: Opened = {
    format: 'astold/opened/1',
    release: manifest.release,
    rows: found.map((row) => ({ ...row, values: { ...row.values } })),
  };
  await writeNew(out, `${JSON.stringify(opened, null, 2)}\n`);
  return {
    release: manifest.release,
    file: out,
    rows: found.length,
    gone: sample.rows.length - found.length,
  };
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
      throw new EvidenceError('file-exists', `${path} is there already; nothing was written`, { cause });
    throw cause;
  }
}
