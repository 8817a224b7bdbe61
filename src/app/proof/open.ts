/**
 * `astold open`: the holder of the key and the vault opens just the rows that an auditor's sample picked: record id, raw
 * values and salt, into a file for its owner alone.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ingestPaths } from '../../bulk/ingest-tree.ts';
import { type OpenedRow, openRows, pickRows } from '../../bulk/sample.ts';
import { secretsFile, sourceVault } from '../../bulk/vault.ts';
import { deriveKey, readKeyOf } from '../../documents/key.ts';
import { readLogVerifier } from '../../documents/log-key.ts';
import { readRegular } from '../../documents/regular-file.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { type Opened, rankKey, readSample } from '../../evidence/sample.ts';
import { logFolder } from '../../store/places.ts';
import { requireSameLog, soundFolder, withEngine } from './sample.ts';

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
  const { key: rank, head } = rankKey(sample, BigInt(folder.logProof.size), log);
  await requireSameLog(folder, head, join(root, logFolder), log);
  const snapshotDir = join(root, '.astold/snapshots', folder.context.records);
  const secrets = join(sourceVault(root, manifest.source.id), secretsFile);
  if (!existsSync(join(snapshotDir, 'records.parquet')) || !existsSync(secrets)) {
    throw new EvidenceError(
      'snapshot-gone',
      'what was ingested for this release is no longer here: put the files of its source back and run astold ingest',
    );
  }
  const { key } = await readKeyOf(root, manifest.key);
  const found = await withEngine(async (engine): Promise<readonly OpenedRow[]> => {
    const picked = await pickRows(engine, join(dir, 'predicates.parquet'), rank, sample.rows.length);
    if (picked.join() !== sample.rows.join())
      throw new EvidenceError(
        'sample-other',
        'the checkpoint and the nonce pick other rows than the sample names; nothing is opened',
      );
    return openRows(engine, {
      root,
      source: manifest.source.id,
      snapshotDir,
      release: manifest.release,
      predicates: join(dir, 'predicates.parquet'),
      key: deriveKey(key, `astold/1/decisions/${manifest.release}/${manifest.source.id}`),
      pseudonyms: picked,
    });
  });
  if (found.length === 0)
    throw new EvidenceError(
      'rows-gone',
      'none of the rows can be opened any more: everyone drawn was erased since; nothing was written',
    );
  const vault = sourceVault(root, manifest.source.id);
  const paths = ingestPaths(
    vault,
    manifest.source.commitments,
    found.map(({ index }) => index),
  );
  if (paths === null)
    throw new EvidenceError(
      'commitments-gone',
      `the leaves of what was committed to at ingest, tree-${manifest.source.commitments.slice(0, 16)}..., are not in the vault: put it back from its copy; nothing was opened`,
    );
  const opened: Opened = {
    format: 'astold/opened/2',
    release: manifest.release,
    rows: found.map((row) => ({
      ...row,
      values: { ...row.values },
      path: [...(paths.get(row.index) ?? [])],
    })),
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
      throw new EvidenceError('out-exists', `${path} is there already; name a file that is not`, { cause });
    throw cause;
  }
}
