/** audit and open: whether a release follows from its evidence, and rows of it opened for an auditor. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Verifier } from '../log/keys.ts';
import { counted, number } from '../policy/figures.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { engineOptions, type GateFlags, withEngineOptions } from './gate-options.ts';
import { keyForms, readKey } from './log-key.ts';
import { writeNewJson } from './new-file.ts';
import { printable } from './printable.ts';
import { type Bind, type Session, UsageError, workspaceRoot } from './session.ts';
import { type WitnessFlags, withWitnessOptions, witnessesAsked } from './witness-options.ts';

type AuditFlags = Omit<GateFlags, 'asOf'> &
  WitnessFlags & {
    readonly package?: string;
    readonly log?: string;
    readonly logKey?: string;
    readonly sample?: number;
    readonly checkpoint?: string;
    readonly nonce?: string;
    readonly opened?: string;
    readonly rows?: string;
    readonly out?: string;
  };

export function addAuditCommands(program: Command, bind: Bind): void {
  const auditing = program
    .command('audit')
    .description('decide a release again from its evidence, and hold all that was committed to against it')
    .argument('<folder>', 'the evidence: evidence/RELEASE, or a copy of it');
  withWitnessOptions(withEngineOptions(auditing))
    .option('--package <folder>', 'the package that went out; beside the evidence in a workspace')
    .option('--log <folder>', 'the published log; beside the evidence in a workspace')
    .option('--log-key <vkey>', `the log's public key: ${keyForms}; in a workspace its own`)
    .option('--sample <n>', 'name the rows that a later checkpoint and your nonce pick', wholeNumber)
    .option('--checkpoint <file>', 'a checkpoint of the log, later than the release')
    .option('--nonce <text>', 'words of your own, chosen after the checkpoint was published')
    .option('--out <file>', 'with --sample: where to write it; else it is the answer')
    .option('--opened <file>', 'rows that were opened for you: hold them against the commitments')
    .option('--rows <file>', 'with --opened: the sample, so that rows kept back are named')
    .action(bind(audit));
  program
    .command('open')
    .description('open the rows that an auditor drew from a release, and no others')
    .argument('<release>', 'release id')
    .requiredOption('--rows <file>', 'the sample, as astold audit --sample names it')
    .requiredOption('--out <file>', 'where to write record ids, raw values and salts; only you can read it')
    .action(bind(open));
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('Give a whole number of rows.');
  return Number(text);
}

async function audit(
  session: Session,
  [folder = '']: readonly string[],
  flags: AuditFlags,
): Promise<ExitStatus> {
  const at = (path: string): string => resolve(session.terminal.cwd, path);
  const dir = at(folder);
  const { audit: run, workspaceOf } = await import('../app/proof/audit.ts');
  const root = workspaceOf(dir);
  if (flags.out !== undefined && flags.sample === undefined)
    throw new UsageError('usage', '--out is for the sample: give --sample, --checkpoint and --nonce too');
  const logKey = await verifierOf(session, flags.logKey, root);
  const beside = (...names: readonly string[]): string | null => {
    const path = root === null ? null : join(root, ...names);
    return path !== null && existsSync(path) ? path : null;
  };
  const published = flags.log === undefined ? beside('log') : at(flags.log);
  if (flags.sample !== undefined) return sample(session, dir, flags, logKey, published);
  if (flags.opened !== undefined) return opened(session, dir, flags, logKey);
  const progress = await progressOf(session);
  const { threads, memoryLimit, onProgress } = engineOptions(flags, progress.report);
  const found = await run(dir, {
    package: flags.package === undefined ? beside('releases', releaseIn(dir)) : at(flags.package),
    log: published,
    logKey,
    witnesses: await policyOf(session, flags, logKey, root),
    threads,
    memoryLimit,
    onProgress,
  }).finally(progress.end);
  const { showAudit } = await import('./show-audit.ts');
  const said = { ...found, unchecked: [...found.unchecked, ...(await keyUnchecked(flags, logKey))] };
  session.answer(said, () => showAudit(said, session.style));
  return found.kind === 'consistent' ? exitStatus.something : exitStatus.failed;
}

/** The folder is named as the release is, or the package is not found beside it. */
const releaseIn = (dir: string): string => dir.split(/[\\/]/).at(-1) ?? '';

async function progressOf(session: Session) {
  const { openProgress } = await import('./progress.ts');
  return openProgress(session);
}

/** The key given; else that of the workspace the folder lies in; null where there is neither. */
async function verifierOf(
  session: Session,
  given: string | undefined,
  root: string | null,
): Promise<Verifier | null> {
  if (given !== undefined) return readKey(session, given);
  if (root === null) return null;
  const { logPublicFile, readLogVerifier } = await import('../documents/log-key.ts');
  return existsSync(join(root, logPublicFile)) ? readLogVerifier(root) : null;
}

/** Of a key that nobody gave, but that lay beside what is audited. */
async function keyUnchecked(
  { logKey: given }: AuditFlags,
  used: Verifier | null,
): Promise<readonly string[]> {
  if (given !== undefined || used === null) return [];
  return [(await import('../app/log/own-log.ts')).ownKeyUnchecked];
}

/** Under no key there is no checkpoint to ask about. */
async function policyOf(session: Session, flags: AuditFlags, logKey: Verifier | null, root: string | null) {
  if (logKey === null) return { witnesses: [], needed: 0 };
  const { policyFor } = await import('../app/log/own-log.ts');
  return policyFor(await witnessesAsked(session, flags), logKey, root);
}

function needed(logKey: Verifier | null): Verifier {
  if (logKey !== null) return logKey;
  throw new UsageError('usage', "a checkpoint says nothing without the log's public key: give --log-key");
}

async function sample(
  session: Session,
  dir: string,
  { sample: count = 0, checkpoint, nonce, out }: AuditFlags,
  logKey: Verifier | null,
  published: string | null,
): Promise<ExitStatus> {
  if (checkpoint === undefined || nonce === undefined)
    throw new UsageError('usage', '--sample needs --checkpoint and --nonce');
  const { sampleRows } = await import('../app/proof/sample.ts');
  const picked = await sampleRows(dir, {
    count,
    checkpoint: resolve(session.terminal.cwd, checkpoint),
    nonce,
    log: needed(logKey),
    published,
  });
  const { rows } = picked;
  const fewer =
    rows.length === count ? '' : `  There are only ${counted(rows.length, 'row')}: all of them are named.\n`;
  const said =
    published === null
      ? `${fewer}  Not checked: that the checkpoint grew from the one the release was published with: give --log\n`
      : fewer;
  if (out === undefined) {
    // The answer is the file itself: it goes to whoever holds the key, and what is said of it goes beside it.
    session.answer(picked, () => `${JSON.stringify(picked, null, 2)}\n`);
    if (said !== '' && !session.options.quiet) session.terminal.err(said);
    return exitStatus.something;
  }
  await writeNewJson(session, out, picked);
  session.answer(
    { release: picked.release, asked: count, rows: rows.length, out },
    () => `${counted(rows.length, 'row')} of ${printable(picked.release)} in ${printable(out)}\n${said}`,
  );
  session.remark(
    `  Next: send it to whoever made the release: astold open ${printable(picked.release)} --rows ${printable(out)} --out FILE\n`,
  );
  return exitStatus.something;
}

async function opened(
  session: Session,
  dir: string,
  flags: AuditFlags,
  logKey: Verifier | null,
): Promise<ExitStatus> {
  const at = (path: string): string => resolve(session.terminal.cwd, path);
  const [{ checkOpened }, { readSample }, { readRegular }, { showOpened }] = await Promise.all([
    import('../app/proof/sample.ts'),
    import('../evidence/sample.ts'),
    import('../documents/regular-file.ts'),
    import('./show-audit.ts'),
  ]);
  const found = await checkOpened(dir, {
    opened: at(flags.opened ?? ''),
    sample: flags.rows === undefined ? null : readSample(await readRegular(at(flags.rows))),
    log: needed(logKey),
  });
  const said = { ...found, unchecked: await keyUnchecked(flags, logKey) };
  session.answer(said, () => showOpened(said, session.style));
  // Without the sample nobody knows which rows should be here.
  const kept = found.missing === null || found.missing.length > 0;
  const sound = !kept && found.differing.length + found.late.length === 0;
  return sound ? exitStatus.something : exitStatus.failed;
}

type OpenFlags = { readonly rows: string; readonly out: string };
async function open(
  session: Session,
  [release = '']: readonly string[],
  { rows, out }: OpenFlags,
): Promise<ExitStatus> {
  const at = (path: string): string => resolve(session.terminal.cwd, path);
  const root = await workspaceRoot(session);
  const { openSample } = await import('../app/proof/open.ts');
  const found = await openSample(root, release, at(rows), at(out));
  session.answer(found, () => {
    const gone =
      found.gone === 0 ? '' : ` ${number(found.gone)} cannot be opened any more: those people were erased.`;
    return `${counted(found.rows, 'row')} of ${printable(found.release)} in ${printable(out)}.${gone}\n  They are people's data: hand them to the auditor alone, and delete the file.\n`;
  });
  return exitStatus.something;
}
