/**
 * `astold audit`: decides a release again from its evidence, and holds everything that was committed to against it.
 * Needs the folder and the log's public key, and nothing of whoever made the release.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../bulk/engine.ts';
import { canonical, saltedDigest } from '../bulk/outputs/manifest.ts';
import { writeRoster } from '../bulk/outputs/roster.ts';
import { dropReplay, type RowDifference, replay, replayedLeaves, replayFault } from '../bulk/replay.ts';
import { checkEntry, checkPublished } from '../evidence/check-log.ts';
import { type Counts, countsOf } from '../evidence/counts.ts';
import { type Difference, type Differing, differing } from '../evidence/difference.ts';
import { contextOf, type DocumentEntry, readDocuments } from '../evidence/documents.ts';
import { EvidenceError } from '../evidence/evidence-error.ts';
import { digestOfFile, type EvidenceFolder, readFolder, short } from '../evidence/folder.ts';
import { judgementJson, readHistories } from '../evidence/judged.ts';
import { comparePackage } from '../evidence/package-check.ts';
import { compareDocuments, judgedAt } from '../evidence/statements.ts';
import type { Verifier } from '../log/keys.ts';
import { judgeAgain } from '../policy/judge.ts';
import type { GateContext, Judgement } from '../policy/judgement.ts';
import { reasonsIn } from '../policy/reasons.ts';
import { RosterError } from '../roster/roster-error.ts';
import { readLog } from '../store/published-log.ts';
import type { Progress } from './context.ts';
import { version } from './version.ts';

export type AuditOptions = {
  /** The package that went out; null leaves it out. The list in it need not be there. */
  readonly package: string | null;
  /** The published log; null leaves it out. */
  readonly log: string | null;
  /** The log's public key. Without one nothing says who signed: the audit fails. */
  readonly logKey: Verifier | null;
  readonly threads: number | null;
  readonly memoryLimit: string | null;
  readonly onProgress: Progress;
};
export type Audit = {
  readonly kind: 'consistent' | 'differs';
  /** Null where the manifest cannot be read. */
  readonly release: string | null;
  readonly mark: 'reconstruction' | null;
  /** Rows that were decided again. */
  readonly rows: number;
  readonly counts: Counts | null;
  /** What was found to hold, and what was not looked at, in words. */
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
  readonly differences: readonly Difference[];
};

/** Audits the evidence in `dir`. Errors: EvidenceError `evidence-missing`, and those of the machine. */
export async function audit(dir: string, options: AuditOptions): Promise<Audit> {
  const found = differing();
  const [checked, unchecked]: [string[], string[]] = [[], []];
  const folder = await readFolder(dir, found);
  if (folder === null) {
    unchecked.push(
      'the decisions: the files they would be decided again from are not those that were written',
    );
    return ended(null, null, found, { checked, unchecked });
  }
  checked.push('every file is the one that the manifest commits to, through evidence.json');
  await checkLog(folder, options, found, { checked, unchecked });
  const judged = judgeFolder(folder, found, checked);
  const counts = judged === null ? null : await decideAgain(folder, judged, options, found, checked);
  if (options.package === null) unchecked.push('the package that went out: give --package');
  else await comparePackage(folder, options.package, found, { checked, unchecked });
  const madeWith = folder.manifest.versions.astold;
  if (madeWith !== version)
    unchecked.push(`that this version (${version}) decides as the one that made it (${madeWith})`);
  return ended(folder, counts, found, { checked, unchecked });
}

type Said = { readonly checked: string[]; readonly unchecked: string[] };

function ended(
  folder: EvidenceFolder | null,
  counts: Counts | null,
  { found }: Differing,
  said: Said,
): Audit {
  return {
    kind: found.length === 0 && counts !== null ? 'consistent' : 'differs',
    release: folder?.manifest.release ?? null,
    mark: folder?.manifest.mark ?? null,
    rows: counts?.evaluated ?? 0,
    counts,
    ...said,
    differences: found,
  };
}

async function checkLog(
  folder: EvidenceFolder,
  { log, logKey }: AuditOptions,
  found: Differing,
  { checked, unchecked }: Said,
): Promise<void> {
  if (logKey === null) {
    found.add(
      'log-key-missing',
      'log-proof.json',
      'nothing says who signed the log: give its public key with --log-key',
    );
    return;
  }
  const head = checkEntry(folder, logKey, found);
  if (head === null) return;
  checked.push(
    `the log of ${logKey.name}, of ${head.size} entries, holds this manifest at ${folder.logProof.index}`,
  );
  unchecked.push(
    head.cosigned === 0
      ? 'when: no witness cosigned, so the time is by their own clock'
      : `the cosignatures of ${head.cosigned} witnesses: astold log check --witness does`,
  );
  if (log === null) unchecked.push('the log as it is published: give --log');
  else if (await found.clean(() => checkPublished(folder, head, () => readLog(log, logKey), found)))
    checked.push('the published log grew from that, and still holds it');
}

type Judged = { readonly context: GateContext; readonly judgement: Judgement };

function judgeFolder(folder: EvidenceFolder, found: Differing, checked: string[]): Judged | null {
  try {
    const entries = readDocuments(folder.documents);
    const at = judgedAt(folder, entries, found);
    if (at === null) return null;
    const context = contextOf(entries, at);
    compareDocuments(folder, entries, context.notices, found);
    const histories = readHistories(folder.histories);
    const judgement = judgeAgain(context, histories);
    if (canonical(judgement.histories) !== canonical(histories)) {
      found.add(
        'histories-differ',
        'histories.json',
        'a history stands in it twice: the numbers of the rows mean nothing',
      );
      return null;
    }
    compareVerdicts(folder, judgement, found);
    checked.push(documentsSaid(entries), `${judgement.verdicts.length} histories judged again`);
    return { context, judgement };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error instanceof EvidenceError ? error.message : 'a document is not in the form of one';
    found.add('judgement-fails', 'documents.json', why);
    return null;
  }
}

const documentsSaid = (entries: readonly DocumentEntry[]): string =>
  `${entries.length} documents are those that the manifest names`;

function compareVerdicts({ verdicts }: EvidenceFolder, judgement: Judgement, found: Differing): void {
  const again = canonical(judgementJson(judgement));
  if (again === verdicts) return;
  let at = 0;
  while (again[at] === verdicts[at]) at++;
  const place = /"([A-Za-z]+)":[^"]*$/.exec(again.slice(0, at))?.[1] ?? '';
  found.add(
    'verdicts-differ',
    'verdicts.json',
    `the documents give another judgement, first at byte ${at} ("${place}")`,
  );
}

async function decideAgain(
  folder: EvidenceFolder,
  { judgement }: Judged,
  options: AuditOptions,
  found: Differing,
  checked: string[],
): Promise<Counts | null> {
  const { openDuckdb } = await import('../bulk/engines/duckdb.ts');
  const temp = await mkdtemp(join(tmpdir(), 'astold-audit-'));
  let engine: Engine | null = null;
  try {
    engine = await openDuckdb({
      tempDirectory: temp,
      ...(options.threads === null ? {} : { threads: options.threads }),
      ...(options.memoryLimit === null ? {} : { memoryLimit: options.memoryLimit }),
    });
    options.onProgress('replay', 0, folder.manifest.decisions.rows);
    const counts = await replayRows(engine, folder, judgement, found);
    options.onProgress('replay', folder.manifest.decisions.rows, folder.manifest.decisions.rows);
    if (counts === null) return null;
    checked.push(`${counts.evaluated} rows decided again from their predicates`);
    if (await found.clean(() => compareCounts(folder, counts, found)))
      checked.push('the counts, which the manifest commits to under a salt');
    const rebuilt = engine;
    if (await found.clean(() => compareRoster(rebuilt, folder, temp, found)))
      checked.push(`the roster of ${folder.manifest.roster.rows}, rebuilt from the leaves of those released`);
    await dropReplay(engine);
    return counts;
  } finally {
    engine?.close();
    await rm(temp, { recursive: true, force: true });
  }
}

async function replayRows(
  engine: Engine,
  { dir, manifest }: EvidenceFolder,
  judgement: Judgement,
  found: Differing,
): Promise<Counts | null> {
  const files = { predicates: join(dir, 'predicates.parquet'), decisions: join(dir, 'decisions.parquet') };
  const { digest, bytes } = await digestOfFile(files.decisions);
  if (digest !== manifest.decisions.digest || bytes !== manifest.decisions.bytes)
    found.add('file-altered', 'decisions.parquet', 'it is not the file of decisions that the manifest names');
  try {
    const fault = await replayFault(engine, judgement, files);
    if (fault !== null) {
      found.add('rows-unreadable', 'predicates.parquet', fault);
      return null;
    }
    const again = await replay(engine, judgement, files);
    const { first } = again;
    if (first !== null)
      found.add(
        'row-decided-otherwise',
        'decisions.parquet',
        `${again.differing} of ${again.rows} rows; first ${rowSaid(first)}`,
      );
    if (again.misplaced > 0)
      found.add(
        'row-misplaced',
        'predicates.parquet',
        `${again.misplaced} rows are released without a leaf, or refused with one; first ${again.firstMisplaced}`,
      );
    if (again.uncommitted > 0)
      found.add(
        'row-uncommitted',
        'predicates.parquet',
        `${again.uncommitted} rows have no commitment to their raw values`,
      );
    if (again.rows !== manifest.decisions.rows)
      found.add(
        'statements-differ',
        'manifest.json',
        `it says ${manifest.decisions.rows} rows, and there are ${again.rows}`,
      );
    return countsOf(again.counts);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // What the engine says may quote what it read.
    found.add(
      'rows-unreadable',
      'predicates.parquet',
      'the rows cannot be read: the file is damaged, or no Parquet',
    );
    return null;
  }
}

function rowSaid({ pseudonym, stated, decided, statedKnown, decidedKnown }: RowDifference): string {
  if (stated === null) return `${pseudonym}: it has predicates, and no decision is stated`;
  if (decided === null) return `${pseudonym}: a decision is stated, and it has no predicates`;
  const words = (bits: bigint, known: string | null): string =>
    `${
      reasonsIn(bits)
        .map((reason) => reason.code)
        .join(' ') || 'released'
    } (${known ?? 'unknown'})`;
  return `${pseudonym}: stated ${words(stated, statedKnown)}, decided ${words(decided, decidedKnown)}`;
}

function compareCounts({ counts, manifest }: EvidenceFolder, again: Counts, found: Differing): void {
  if (canonical(counts.counts) !== canonical(again))
    found.add('counts-differ', 'counts.json', 'the rows decided again give other counts');
  if (saltedDigest(counts.salt, counts.counts) !== manifest.counts)
    found.add('counts-differ', 'counts.json', 'they and their salt are not what the manifest commits to');
  if (manifest.list.rows !== again.released)
    found.add(
      'statements-differ',
      'manifest.json',
      `its list has ${manifest.list.rows} rows, and ${again.released} records are released`,
    );
}

async function compareRoster(
  engine: Engine,
  { manifest }: EvidenceFolder,
  temp: string,
  found: Differing,
): Promise<void> {
  const { roster } = manifest;
  try {
    const path = join(temp, 'roster.txt');
    const again = await writeRoster(engine, path, replayedLeaves);
    const { digest } = await digestOfFile(path);
    if (
      again.root === roster.root &&
      again.rows === roster.rows &&
      again.bits === roster.bits &&
      digest === roster.digest
    )
      return;
    found.add(
      'roster-differs',
      'predicates.parquet',
      `its leaves give a roster of ${again.rows} with the root ${short(again.root)}; the manifest has ${roster.rows} and ${short(roster.root)}`,
    );
  } catch (error) {
    if (!(error instanceof RosterError)) throw error;
    found.add('roster-differs', 'predicates.parquet', `its leaves give no roster [${error.code}]`);
  }
}

/** Where a folder of evidence lies in a workspace: the root of that; null where it lies elsewhere. */
export function workspaceOf(dir: string): string | null {
  const root = join(dir, '../..');
  return existsSync(join(root, 'astold.yaml')) ? root : null;
}
