/** log init, publish, check and show; witness. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { WitnessPolicy } from '../log/checkpoint.ts';
import type { Verifier } from '../log/keys.ts';
import { counted } from '../policy/figures.ts';
import { sqliteLedger } from '../store/sqlite/place.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { keyForms, readKey } from './log-key.ts';
import { printable } from './printable.ts';
import { type Bind, openWorkspace, type Session, UsageError } from './session.ts';

export function addLogCommands(program: Command, bind: Bind): void {
  const log = program.command('log').description('what happened, committed to for good');
  log.command('init').description("make the log's key in a workspace that has none").action(bind(init));
  log
    .command('publish')
    .description('write the tiles and the signed checkpoint to log/, cosigned by the witnesses')
    .action(bind(publish));
  log
    .command('check')
    .description('check a whole published log: every tile, the root, the checkpoint, the cosignatures')
    .argument('[folder]', "the log; the workspace's if left out")
    .option('--key <vkey>', `the log's public key (keys/log.pub), ${keyForms}; needed for a folder`)
    .option('--witness <vkey...>', `public keys of witnesses, each ${keyForms}`)
    .option('--needed <k>', 'how many of the witnesses must have cosigned; all if left out', wholeNumber)
    .option('--since <file>', 'a checkpoint seen before: the log must have grown from it')
    .action(bind(check));
  log
    .command('show')
    .description('show the size of the log, its checkpoint and who cosigned it')
    .action(bind(show));
  program
    .command('witness')
    .description('run a witness: it cosigns the checkpoints of logs that only ever grow')
    .requiredOption(
      '--dir <folder>',
      'where its key and its memory are; keep them together, and never restore old ones',
    )
    .requiredOption('--listen <host:port>', 'such as 127.0.0.1:8090', hostAndPort)
    .requiredOption('--log <vkey...>', `public keys of the logs it knows, each ${keyForms}`)
    .option('--name <name>', 'its name, such as witness.example/w1: makes a key where there is none')
    .action(bind(witness));
}

function wholeNumber(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

type Address = { readonly host: string; readonly port: number };
function hostAndPort(text: string): Address {
  const [, host, port] = /^(\[[0-9a-fA-F:]+\]|[^:\s]+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535)
    throw new InvalidArgumentError('Give a host and a port, such as 127.0.0.1:8090.');
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

async function init(session: Session): Promise<ExitStatus> {
  const { root, config } = await openWorkspace(session);
  const { initLog } = await import('../app/log/log-show.ts');
  const made = await initLog(sqliteLedger(root), config.organisation);
  session.answer(made, () =>
    made.key === 'made'
      ? `The log's key is made: keep a copy of keys/log.key where nobody else can read it.\n  public: ${made.vkey}\n`
      : `The key that was there is kept.\n  public: ${made.vkey}\n`,
  );
  return exitStatus.something;
}

async function publish(session: Session): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const [{ publishWorkspaceLog }, { showPublished }] = await Promise.all([
    import('../app/log/log-publish.ts'),
    import('./show-log.ts'),
  ]);
  const found = await publishWorkspaceLog(workspace, sqliteLedger(workspace.root), 0);
  const { kind, checkpoint, tilesWritten, witnessed, outcomes } = found;
  const { origin, size } = checkpoint;
  const answer = {
    kind,
    origin,
    size,
    root: checkpoint.root.toString('hex'),
    tilesWritten,
    witnessed,
    outcomes,
  };
  session.answer(answer, () => showPublished(found, session.style));
  return exitStatus.something;
}

type CheckFlags = {
  readonly key?: string;
  readonly witness?: readonly string[];
  readonly needed?: number;
  readonly since?: string;
};
async function check(session: Session, [folder]: readonly string[], flags: CheckFlags): Promise<ExitStatus> {
  const { cwd } = session.terminal;
  if (folder !== undefined && flags.key === undefined)
    throw new UsageError(
      'usage',
      "a folder is checked under its owner's key: astold log check FOLDER --key VKEY",
    );
  const [{ checkLog }, { showChecked }, { readRegular }] = await Promise.all([
    import('../app/log/log-check.ts'),
    import('./show-log.ts'),
    import('../documents/regular-file.ts'),
  ]);
  const own = folder === undefined ? await ownLog(session) : null;
  const verifier = flags.key === undefined ? own?.verifier : await readKey(session, flags.key);
  if (verifier === undefined) throw new UsageError('usage', 'no key was given');
  const since = flags.since === undefined ? null : await readRegular(resolve(cwd, flags.since));
  const found = await checkLog(
    folder === undefined ? (own?.folder ?? cwd) : resolve(cwd, folder),
    verifier,
    await policyFrom(session, flags, own?.policy ?? null),
    since,
  );
  session.answer(found, () => showChecked(found, session.style));
  return exitStatus.something;
}

/** The witnesses named on the command line, else those of the workspace, else none. */
async function policyFrom(
  session: Session,
  { witness, needed }: CheckFlags,
  own: WitnessPolicy | null,
): Promise<WitnessPolicy> {
  const named = witness === undefined ? null : await Promise.all(witness.map((key) => readKey(session, key)));
  const witnesses = named ?? own?.witnesses ?? [];
  if (needed !== undefined && needed > witnesses.length)
    throw new UsageError(
      'usage',
      `${counted(needed, 'witness', 'witnesses')} must cosign, and ${witnesses.length} ${witnesses.length === 1 ? 'is' : 'are'} named`,
    );
  return {
    witnesses,
    needed: needed ?? (witness === undefined ? own?.needed : undefined) ?? witnesses.length,
  };
}

type OwnLog = { readonly folder: string; readonly verifier: Verifier; readonly policy: WitnessPolicy };
async function ownLog(session: Session): Promise<OwnLog> {
  const { root, config } = await openWorkspace(session);
  const [{ readLogVerifier }, { policyOf }, { logFolder }] = await Promise.all([
    import('../documents/log-key.ts'),
    import('../app/log/witness-client.ts'),
    import('../store/places.ts'),
  ]);
  return {
    folder: resolve(root, logFolder),
    verifier: await readLogVerifier(root),
    policy: policyOf(config.witnesses, config.witnessPolicy),
  };
}

async function show(session: Session): Promise<ExitStatus> {
  const { root, config } = await openWorkspace(session);
  const [{ showLog }, { showLogState }] = await Promise.all([
    import('../app/log/log-show.ts'),
    import('./show-log.ts'),
  ]);
  const found = await showLog(sqliteLedger(root), config);
  session.answer(found, () => showLogState(found, session.style));
  return exitStatus.something;
}

type WitnessFlags = {
  readonly dir: string;
  readonly listen: Address;
  readonly log: readonly string[];
  readonly name?: string;
};
async function witness(session: Session, _: readonly string[], flags: WitnessFlags): Promise<ExitStatus> {
  const [{ openWitness }, { serveWitness }] = await Promise.all([
    import('../app/log/witness.ts'),
    import('../http/witness.ts'),
  ]);
  const logKeys = await Promise.all(flags.log.map((key) => readKey(session, key)));
  const opened = await openWitness(
    resolve(session.terminal.cwd, flags.dir),
    flags.name ?? null,
    logKeys.map(({ vkey }) => vkey),
  );
  const serving = await serveWitness(opened, flags.listen, (status, method) =>
    session.remark(`${new Date().toISOString()} ${method} ${status}\n`),
  );
  const { vkey } = opened.verifier;
  const logs = opened.logs.map((log) => log.name);
  session.answer({ url: serving.url, vkey, logs }, () =>
    [
      `Witnessing on ${serving.url}, until it is stopped.`,
      `  public key: ${vkey}`,
      ...logs.map((log) => `  knows ${printable(log)}`),
      '',
    ].join('\n'),
  );
  // Until a signal ends the process: what was answered is on the disk already, and nothing is left to be done.
  return new Promise(() => {});
}
