/** audit and open: whether a release follows from its evidence, and rows of it opened for an auditor. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Verifier } from '../log/keys.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { type GateFlags, gateOptions, withEngineOptions } from './gate-options.ts';
import { type Bind, type Session, UsageError, workspaceRoot } from './session.ts';

type AuditFlags = Omit<GateFlags, 'asOf'> & {
  readonly package?: string;
  readonly log?: string;
  readonly logKey?: string;
  readonly sample?: number;
  readonly checkpoint?: string;
  readonly nonce?: string;
  readonly opened?: string;
  readonly rows?: string;
};

export function addAuditCommands(program: Command, bind: Bind): void {
  withEngineOptions(
    program
      .command('audit')
      .description('decide a release again from its evidence, and hold all that was committed to against it')
      .argument('<folder>', 'the evidence: evidence/RELEASE, or a copy of it'),
  )
    .option('--package <folder>', 'the package that went out; beside the evidence in a workspace')
    .option('--log <folder>', 'the published log; beside the evidence in a workspace')
    .option('--log-key <vkey>', "the log's public key: NAME+HASH+BASE64; in a workspace its own")
    .option('--sample <n>', 'name the rows that a later checkpoint and your nonce pick', wholeNumber)
    .option('--checkpoint <file>', 'a checkpoint of the log, later than the release')
    .option('--nonce <text>', 'words of your own, chosen after the checkpoint was published')
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
  const { audit: run, workspaceOf } = await import('../app/audit.ts');
  const root = workspaceOf(dir);
  const logKey = await verifierOf(flags.logKey, root);
  if (flags.sample !== undefined) return sample(session, dir, flags, logKey);
  if (flags.opened !== undefined) return opened(session, dir, flags, logKey);
  const beside = (...names: readonly string[]): string | null => {
    const path = root === null ? null : join(root, ...names);
    return path !== null && existsSync(path) ? path : null;
  };
  const progress = await progressOf(session);
  const { threads, memoryLimit, onProgress } = gateOptions(flags, progress.report);
  const found = await run(dir, {
    package: flags.package === undefined ? beside('releases', releaseIn(dir)) : at(flags.package),
    log: flags.log === undefined ? beside('log') : at(flags.log),
    logKey,
    threads,
    memoryLimit,
    onProgress,
  }).finally(progress.end);
  const { showAudit } = await import('./show-audit.ts');
  session.answer(found, () => showAudit(found, session.style));
  if (flags.logKey === undefined && logKey !== null)
    session.remark(
      "  The log's key is this workspace's own, keys/log.pub: compare it with one you were given.\n",
    );
  return found.kind === 'consistent' ? exitStatus.something : exitStatus.failed;
}

/** The folder is named as the release is, or the package is not found beside it. */
const releaseIn = (dir: string): string => dir.split(/[\\/]/).at(-1) ?? '';

async function progressOf(session: Session) {
  const { openProgress } = await import('./progress.ts');
  return openProgress(session);
}

/** The key given; else that of the workspace the folder lies in; null where there is neither. */
async function verifierOf(given: string | undefined, root: string | null): Promise<Verifier | null> {
  if (given !== undefined) return (await import('../log/keys.ts')).parseVkey(given);
  if (root === null) return null;
  const { logPublicFile, readLogVerifier } = await import('../documents/log-key.ts');
  return existsSync(join(root, logPublicFile)) ? readLogVerifier(root) : null;
}

function needed(logKey: Verifier | null): Verifier {
  if (logKey !== null) return logKey;
  throw new UsageError('usage', "a checkpoint says nothing without the log's public key: give --log-key");
}

async function sample(
  session: Session,
  dir: string,
  { sample: count = 0, checkpoint, nonce }: AuditFlags,
  logKey: Verifier | null,
): Promise<ExitStatus> {
  if (checkpoint === undefined || nonce === undefined)
    throw new UsageError('usage', '--sample needs --checkpoint and --nonce');
  const { sampleRows } = await import('../app/sample.ts');
  const picked = await sampleRows(dir, {
    count,
    checkpoint: resolve(session.terminal.cwd, checkpoint),
    nonce,
    log: needed(logKey),
  });
  // The answer is the file itself: it goes to whoever holds the key.
  session.answer(picked, () => `${JSON.stringify(picked, null, 2)}\n`);
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
    import('../app/sample.ts'),
    import('../evidence/sample.ts'),
    import('../documents/regular-file.ts'),
    import('./show-audit.ts'),
  ]);
  const found = await checkOpened(dir, {
    opened: at(flags.opened ?? ''),
    sample: flags.rows === undefined ? null : readSample(await readRegular(at(flags.rows))),
    log: needed(logKey),
  });
  session.answer(found, () => showOpened(found, session.style));
  return found.differing.length + found.missing.length === 0 ? exitStatus.something : exitStatus.failed;
}

type OpenFlags = { readonly rows: string; readonly out: string };
async function open(
  session: Session,
  [release = '']: readonly string[],
  { rows, out }: OpenFlags,
): Promise<ExitStatus> {
  const at = (path: string): string => resolve(session.terminal.cwd, path);
  const root = await workspaceRoot(session);
  const { openSample } = await import('../app/open.ts');
  const found = await openSample(root, release, at(rows), at(out));
  session.answer(found, () => {
    const gone =
      found.gone === 0 ? '' : ` ${found.gone} cannot be opened any more: those people were erased.`;
    return `${found.rows} rows of ${found.release} in ${out}.${gone}\n  They are people's data: hand them to the auditor alone, and delete the file.\n`;
  });
  return exitStatus.something;
}
