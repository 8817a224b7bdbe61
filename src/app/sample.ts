/** `astold audit --sample` and `--opened`: the auditor's side of sampling. Needs the folder, and nothing of the supplier. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../bulk/engine.ts';
import { commitmentsOf, pickRows } from '../bulk/sample.ts';
import { readRegular } from '../documents/regular-file.ts';
import { checkEntry } from '../evidence/check-log.ts';
import { differing } from '../evidence/difference.ts';
import { EvidenceError } from '../evidence/evidence-error.ts';
import { type EvidenceFolder, readFolder } from '../evidence/folder.ts';
import { largestSample, rankKey, readOpened, rowCommitment, type Sample } from '../evidence/sample.ts';
import type { Verifier } from '../log/keys.ts';

/** The folder, if all of it is what was committed to. Throws EvidenceError with what is wrong. */
export async function soundFolder(dir: string, log: Verifier): Promise<EvidenceFolder> {
  const found = differing();
  const folder = await readFolder(dir, found);
  if (folder !== null) checkEntry(folder, log, found);
  const [first] = found.found;
  if (folder !== null && first === undefined) return folder;
  throw new EvidenceError(
    'evidence-malformed',
    `${first?.where ?? dir}: ${first?.message ?? 'it cannot be read'}; audit the folder before rows are drawn from it`,
  );
}

/** Opens an engine in a folder of its own for some work, and closes it whatever happens. */
export async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const { openDuckdb } = await import('../bulk/engines/duckdb.ts');
  const temp = await mkdtemp(join(tmpdir(), 'astold-audit-'));
  let engine: Engine | null = null;
  try {
    engine = await openDuckdb({ tempDirectory: temp });
    return await work(engine);
  } finally {
    engine?.close();
    await rm(temp, { recursive: true, force: true });
  }
}

/** Names the rows that a checkpoint and a nonce pick. Throws EvidenceError, LogError. */
export async function sampleRows(
  dir: string,
  given: {
    readonly count: number;
    readonly checkpoint: string;
    readonly nonce: string;
    readonly log: Verifier;
  },
): Promise<Sample> {
  if (!Number.isInteger(given.count) || given.count < 1 || given.count > largestSample)
    throw new EvidenceError('sample-malformed', `a sample has 1 to ${largestSample} rows`);
  const folder = await soundFolder(dir, given.log);
  const checkpoint = (await readRegular(given.checkpoint)).toString('utf8');
  const { nonce } = given;
  const key = rankKey({ checkpoint, nonce }, BigInt(folder.logProof.size), given.log);
  const rows = await withEngine((engine) =>
    pickRows(engine, join(dir, 'predicates.parquet'), key, given.count),
  );
  return { format: 'astold/sample/1', release: folder.manifest.release, checkpoint, nonce, rows: [...rows] };
}

export type OpenedChecked = {
  readonly release: string;
  /** Pseudonyms whose raw values are those that were committed to at ingest. */
  readonly held: readonly string[];
  /** Those whose values are others, and those that are not in the evidence. */
  readonly differing: readonly string[];
  /** Rows of the sample, where one is given, that were not opened: erased since, or kept back. */
  readonly missing: readonly string[];
};

/** Holds rows that were opened against the commitments in the evidence. Throws EvidenceError, LogError. */
export async function checkOpened(
  dir: string,
  given: { readonly opened: string; readonly sample: Sample | null; readonly log: Verifier },
): Promise<OpenedChecked> {
  const folder = await soundFolder(dir, given.log);
  const { release } = folder.manifest;
  const opened = readOpened(await readFile(given.opened));
  if (opened.release !== release || (given.sample !== null && given.sample.release !== release))
    throw new EvidenceError(
      'opened-malformed',
      `the rows are of release ${opened.release}, and the evidence of ${release}`,
    );
  const pseudonyms = opened.rows.map((row) => row.pseudonym);
  if (new Set(pseudonyms).size !== pseudonyms.length)
    throw new EvidenceError('opened-malformed', 'a row stands twice among those that were opened');
  const stated = await withEngine((engine) =>
    commitmentsOf(engine, join(dir, 'predicates.parquet'), pseudonyms),
  );
  const holds = (row: (typeof opened.rows)[number]): boolean =>
    stated.get(row.pseudonym) === rowCommitment(release, row.salt, row.values);
  return {
    release,
    held: opened.rows.filter(holds).map((row) => row.pseudonym),
    differing: opened.rows.filter((row) => !holds(row)).map((row) => row.pseudonym),
    missing: (given.sample?.rows ?? []).filter((pseudonym) => !pseudonyms.includes(pseudonym)),
  };
}
