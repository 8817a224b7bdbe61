/** `astold audit --sample` and `--opened`: the auditor's side of sampling. Needs the folder, and nothing of the supplier. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { commitmentsOf, pickRows } from '../../bulk/sample.ts';
import { readRegular } from '../../documents/regular-file.ts';
import { checkEntry, checkIngest } from '../../evidence/check-log.ts';
import { differing } from '../../evidence/difference.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { type EvidenceFolder, readFolder } from '../../evidence/folder.ts';
import {
  largestSample,
  type OpenedFinding,
  openedFinding,
  rankKey,
  readOpened,
  type Sample,
} from '../../evidence/sample.ts';
import { compareContext, compareEntry, compareIngest } from '../../evidence/statements.ts';
import { openCheckpoint, type TreeHead } from '../../log/checkpoint.ts';
import type { Verifier } from '../../log/keys.ts';
import { readLog } from '../../store/published-log.ts';

/** The folder, if all of it is what was committed to. Throws EvidenceError with what is wrong. */
export async function soundFolder(dir: string, log: Verifier): Promise<EvidenceFolder> {
  const found = differing();
  const folder = await readFolder(dir, found);
  if (folder !== null) {
    checkEntry(folder, log, found);
    checkIngest(folder, log, found);
    compareContext(folder, found);
    compareEntry(folder, found);
    compareIngest(folder, found);
  }
  const [first] = found.found;
  if (folder !== null && first === undefined) return folder;
  throw new EvidenceError(
    'evidence-malformed',
    `${first?.where ?? dir}: ${first?.message ?? 'it cannot be read'}; audit the folder before rows are drawn from it`,
  );
}

/** Opens an engine in a folder of its own for some work, and closes it whatever happens. */
export async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const { openDuckdb } = await import('../../bulk/engines/duckdb.ts');
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

/**
 * Requires that the log published at `log` grew from the checkpoint that the release was published with, and from the later
 * one that draws its rows: one of a fork would be as good to whoever made it. Throws LogError.
 */
export async function requireSameLog(
  { logProof }: EvidenceFolder,
  later: TreeHead,
  log: string,
  verifier: Verifier,
): Promise<void> {
  const published = await readLog(log, verifier);
  for (const head of [openCheckpoint(logProof.checkpoint, verifier), later])
    await published.requireGrownFrom(head);
}

/** Names the rows that a checkpoint and a nonce pick. Throws EvidenceError, LogError. */
export async function sampleRows(
  dir: string,
  given: {
    readonly count: number;
    readonly checkpoint: string;
    readonly nonce: string;
    readonly log: Verifier;
    /** The published log; null leaves it out. */
    readonly published: string | null;
  },
): Promise<Sample> {
  if (!Number.isInteger(given.count) || given.count < 1 || given.count > largestSample)
    throw new EvidenceError('sample-malformed', `a sample has 1 to ${largestSample} rows`);
  const folder = await soundFolder(dir, given.log);
  const checkpoint = (await readRegular(given.checkpoint)).toString('utf8');
  const { nonce } = given;
  const { key, head } = rankKey({ checkpoint, nonce }, BigInt(folder.logProof.size), given.log);
  if (given.published !== null) await requireSameLog(folder, head, given.published, given.log);
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
  /** Those that the release committed to, and its ingest did not: nobody knows since when they are what they are. */
  readonly late: readonly string[];
  /** Rows of the sample that were not opened: erased since, or kept back. Null without a sample: not looked for. */
  readonly missing: readonly string[] | null;
};

/** Holds rows that were opened against the commitments in the evidence, and against the root logged at ingest. Throws EvidenceError, LogError. */
export async function checkOpened(
  dir: string,
  given: { readonly opened: string; readonly sample: Sample | null; readonly log: Verifier },
): Promise<OpenedChecked> {
  const folder = await soundFolder(dir, given.log);
  const { release } = folder.manifest;
  const opened = readOpened(await readRegular(given.opened));
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
  const { content } = folder.ingestProof;
  const found = Map.groupBy(opened.rows, (row) =>
    openedFinding(row, { release, commitment: stated.get(row.pseudonym) }, content),
  );
  const of = (finding: OpenedFinding): readonly string[] =>
    (found.get(finding) ?? []).map(({ pseudonym }) => pseudonym);
  return {
    release,
    held: of('held'),
    differing: of('other'),
    late: of('late'),
    missing: given.sample?.rows.filter((pseudonym) => !pseudonyms.includes(pseudonym)) ?? null,
  };
}
