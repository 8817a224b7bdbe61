/**
 * `astold audit`: decides a release again from its evidence, and holds everything that was committed to against it.
 * Needs the folder and the log's public key, and nothing of whoever made the release.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { canonical, saltedDigest } from '../../bulk/outputs/manifest.ts';
import { writeRoster } from '../../bulk/outputs/roster.ts';
import { dropReplay, replay, replayedLeaves, replayFault } from '../../bulk/replay.ts';
import { checkEntry, checkIngest, checkPublished } from '../../evidence/check-log.ts';
import { type Counts, countsOf } from '../../evidence/counts.ts';
import { type Difference, type Differing, differing } from '../../evidence/difference.ts';
import {
  digestOfFile,
  type EvidenceFolder,
  readFolder,
  releaseStated,
  short,
} from '../../evidence/folder.ts';
import { whenSeen } from '../../evidence/own-clock.ts';
import { comparePackage } from '../../evidence/package-check.ts';
import { compareEntry, compareIngest } from '../../evidence/statements.ts';
import type { WitnessPolicy } from '../../log/checkpoint.ts';
import type { Verifier } from '../../log/keys.ts';
import { LogError } from '../../log/log-error.ts';
import type { Note } from '../../log/note.ts';
import { counted, instant, moment, number, placeIn } from '../../policy/figures.ts';
import type { Judgement } from '../../policy/judgement.ts';
import { RosterError } from '../../roster/roster-error.ts';
import { readLog } from '../../store/published-log.ts';
import type { Progress } from '../gate/context.ts';
import { version } from '../version.ts';
import { judgeFolder } from './audit-judged.ts';
import { readList } from './read-list.ts';
import { compareRows } from './replayed-rows.ts';

export type AuditOptions = {
  /** The package that went out; null leaves it out. The list in it need not be there. */
  readonly package: string | null;
  /** The published log; null leaves it out. */
  readonly log: string | null;
  /** The log's public key. Without one nothing says who signed: the audit fails. */
  readonly logKey: Verifier | null;
  /** Who must have cosigned the checkpoint that the release was published with. */
  readonly witnesses: WitnessPolicy;
  readonly threads: number | null;
  readonly memoryLimit: string | null;
  readonly onProgress: Progress;
};
export type Audit = {
  /** `unsettled`: nothing was found to differ, and without the log's key nothing says whose it is. */
  readonly kind: 'consistent' | 'differs' | 'unsettled';
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
    return ended(await releaseStated(dir), null, found, { checked, unchecked });
  }
  checked.push('every file is the one that the manifest commits to, through evidence.json');
  await checkLog(folder, options, found, { checked, unchecked });
  const judged = await judgeFolder(folder, found, { checked, unchecked });
  const counts = judged === null ? null : await decideAgain(folder, judged, options, found, checked);
  if (counts !== null)
    unchecked.push(
      'that the rows were committed to at ingest, and that the values are true: rows opened of a sample show it, --sample',
    );
  if (options.package === null) unchecked.push('the package that went out: give --package');
  else await comparePackage(folder, options.package, found, { checked, unchecked }, readList);
  const madeWith = folder.manifest.versions.astold;
  if (madeWith !== version)
    unchecked.push(`that this version (${version}) decides as the one that made it (${madeWith})`);
  return ended(folder.manifest, counts, found, { checked, unchecked });
}

type Said = { readonly checked: string[]; readonly unchecked: string[] };

function ended(
  stated: Pick<EvidenceFolder['manifest'], 'release' | 'mark'> | null,
  counts: Counts | null,
  { found }: Differing,
  said: Said,
): Audit {
  const differs = counts === null || found.some(({ code }) => code !== 'log-key-missing');
  return {
    kind: differs ? 'differs' : found.length === 0 ? 'consistent' : 'unsettled',
    release: stated?.release ?? null,
    mark: stated?.mark ?? null,
    rows: counts?.evaluated ?? 0,
    counts,
    ...said,
    differences: found,
  };
}

async function checkLog(
  folder: EvidenceFolder,
  { log, logKey, witnesses }: AuditOptions,
  found: Differing,
  { checked, unchecked }: Said,
): Promise<void> {
  compareEntry(folder, found);
  compareIngest(folder, found);
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
  if (await found.clean(() => checkIngest(folder, logKey, found)))
    checked.push(
      `what was ingested, ${counted(folder.ingestProof.content.rows, 'record')} by one root, as the log has it since before the release`,
    );
  checked.push(
    `the log of ${logKey.name} holds this manifest as ${placeIn(BigInt(folder.logProof.index), head.size)}`,
  );
  checkWhen(folder, head.note, witnesses, found, { checked, unchecked });
  const between = BigInt(folder.logProof.index) - BigInt(folder.context.logSize);
  if (between > 0n)
    unchecked.push(
      `what ${counted(between, 'entry', 'entries')} of the log are, between the size it was decided at and its own entry: a stop among them came before it`,
    );
  if (log === null) unchecked.push('the log as it is published: give --log');
  else if (await found.clean(() => checkPublished(folder, head, () => readLog(log, logKey), found)))
    checked.push('the published log grew from that, and still holds it');
}

/** How far a witness's clock may be from the supplier's, in milliseconds. */
const clockSkew = 5 * 60_000;

function checkWhen(
  { manifest }: EvidenceFolder,
  note: Note,
  policy: WitnessPolicy,
  found: Differing,
  { checked, unchecked }: Said,
): void {
  try {
    const when = whenSeen(note, policy, Date.now());
    checked.push(...when.checked);
    unchecked.push(...when.unchecked);
    if (manifest.mark === null && when.seen !== null && Date.parse(manifest.cutOff) > when.seen + clockSkew)
      found.add(
        'statements-differ',
        'manifest.json',
        `it says that it was decided on ${moment(manifest.cutOff)}, and witnesses had seen it in the log by ${instant(when.seen)}`,
      );
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    found.add('log-wrong', 'log-proof.json', `${error.message} [${error.code}]`);
  }
}

async function decideAgain(
  folder: EvidenceFolder,
  judgement: Judgement,
  options: AuditOptions,
  found: Differing,
  checked: string[],
): Promise<Counts | null> {
  const { openDuckdb } = await import('../../bulk/engines/duckdb.ts');
  const temp = await mkdtemp(join(tmpdir(), 'astold-audit-'));
  let engine: Engine | null = null;
  try {
    engine = await openDuckdb({
      tempDirectory: temp,
      ...(options.threads === null ? {} : { threads: options.threads }),
      ...(options.memoryLimit === null ? {} : { memoryLimit: options.memoryLimit }),
    });
    const { rows } = folder.ingestProof.content;
    options.onProgress('replay', 0, rows);
    const counts = await replayRows(engine, folder, judgement, found);
    options.onProgress('replay', rows, rows);
    if (counts === null) return null;
    checked.push(`${counted(counts.evaluated, 'row')} decided again from the predicates`);
    if (await found.clean(() => compareCounts(folder, counts, found)))
      checked.push('the counts, which the manifest commits to under a salt');
    const rebuilt = engine;
    if (await found.clean(() => compareRoster(rebuilt, folder, temp, found)))
      checked.push(
        `the roster of ${number(folder.manifest.roster.rows)}, rebuilt from the leaves of those released`,
      );
    await dropReplay(engine);
    return counts;
  } finally {
    engine?.close();
    await rm(temp, { recursive: true, force: true });
  }
}

async function replayRows(
  engine: Engine,
  { dir, manifest, ingestProof }: EvidenceFolder,
  judgement: Judgement,
  found: Differing,
): Promise<Counts | null> {
  const files = { predicates: join(dir, 'predicates.parquet'), decisions: join(dir, 'decisions.parquet') };
  const { digest } = await digestOfFile(files.decisions);
  if (digest !== manifest.decisions.digest)
    found.add('file-altered', 'decisions.parquet', 'it is not the file of decisions that the manifest names');
  try {
    const fault = await replayFault(engine, judgement, files);
    if (fault !== null) {
      found.add('rows-unreadable', 'predicates.parquet', fault);
      return null;
    }
    const again = await replay(engine, judgement, files);
    compareRows(again, found);
    const { rows } = ingestProof.content;
    if (again.rows !== rows)
      found.add(
        'ingest-differs',
        'predicates.parquet',
        `${counted(again.rows, 'row')}, and ${number(rows)} were committed to at ingest`,
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

function compareCounts({ counts, manifest }: EvidenceFolder, again: Counts, found: Differing): void {
  if (canonical(counts.counts) !== canonical(again))
    found.add('counts-differ', 'counts.json', 'the rows decided again give other counts');
  if (saltedDigest(counts.salt, counts.counts) !== manifest.counts)
    found.add('counts-differ', 'counts.json', 'they and their salt are not what the manifest commits to');
  if (manifest.list.rows !== again.released)
    found.add(
      'statements-differ',
      'manifest.json',
      `its list has ${counted(manifest.list.rows, 'row')}, and ${counted(again.released, 'record')} may go`,
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
    const { digest, bytes } = await digestOfFile(path);
    if (
      again.root === roster.root &&
      again.rows === roster.rows &&
      again.bits === roster.bits &&
      digest === roster.digest &&
      bytes === roster.bytes
    )
      return;
    found.add(
      'roster-differs',
      'predicates.parquet',
      `its leaves give a roster of ${number(again.rows)} with the root ${short(again.root)}; the manifest has ${number(roster.rows)} and ${short(roster.root)}`,
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
