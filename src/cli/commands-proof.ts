/** prove, verify, releases and key: who was in a release, shown to those who need not trust us; and the key behind it. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Sought } from '../app/proof/prove.ts';
import { counted, number } from '../policy/figures.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { keyForms, readKey } from './log-key.ts';
import { writeNewJson } from './new-file.ts';
import { printable } from './printable.ts';
import { type Bind, rootOrNull, type Session, UsageError, workspaceRoot } from './session.ts';
import { type WitnessFlags, withWitnessOptions, witnessesAsked } from './witness-options.ts';

export function addProofCommands(program: Command, bind: Bind): void {
  withSought(
    program
      .command('prove')
      .description('write a proof that a person is, or is not, among the records of a release')
      .argument('<release>', 'release id, or the folder that holds its manifest.json and roster.txt'),
  )
    .option('--out <file>', 'where to; proof-RELEASE.json if left out, and never over what is there')
    .action(bind(prove));
  const verifying = program
    .command('verify')
    .description('check a file that somebody was given; needs no network and no workspace')
    .argument('<file>', 'a proof, or a receipt')
    .option(
      '--manifest <file>',
      'manifest.json of the release; in a workspace, that of its own release if left out',
    )
    .option('--log-key <vkey>', `public key of the log: ${keyForms}; in a workspace its own`)
    .option('--logged <file>', 'of a receipt: its place in the log, given apart since the event was erased')
    .option('--token-file <file>', 'a file with your own token: what is verified must be of you')
    .option('--against <release>', 'of a receipt: hold it against a release, its id or its folder')
    .option('--evidence <folder>', 'evidence of that release, if it is not where the release left it')
    .option('--answer <receipt>', 'what the supplier answers with: a later receipt of the same person')
    .option('--token <token>', 'as --token-file; what is typed may be kept by the shell');
  withWitnessOptions(verifying).action(bind(verify));
  withSought(
    program.command('releases').description('list the releases of this workspace that a person is in'),
  ).action(bind(releases));
  const key = program.command('key').description('the organisation’s key');
  key
    .command('rotate')
    .description('make a new key; the old one is kept, so that old releases can still be checked')
    .action(bind(rotate));
}

type SoughtFlags = { readonly token?: string; readonly tokenFile?: string; readonly person?: string };

const withSought = (command: Command): Command =>
  command
    .option('--person <id>', 'record id: for the holder of the key and the vault')
    .option('--token-file <file>', 'a file with the person’s token, as it stands on the receipt')
    .option('--token <token>', 'as --token-file; what is typed may be kept by the shell');

async function tokenOf({ terminal }: Session, flags: SoughtFlags): Promise<string | null> {
  if (flags.token !== undefined && flags.tokenFile !== undefined)
    throw new UsageError('usage', 'give --token or --token-file, not both');
  if (flags.tokenFile === undefined) return flags.token ?? null;
  const { readRegular } = await import('../documents/regular-file.ts');
  return (await readRegular(resolve(terminal.cwd, flags.tokenFile))).toString('utf8');
}

async function soughtOf(session: Session, flags: SoughtFlags): Promise<Sought> {
  const token = await tokenOf(session, flags);
  if ((token === null) === (flags.person === undefined))
    throw new UsageError('usage', 'say who: one of --person ID, --token-file FILE, --token TOKEN');
  return token === null ? { kind: 'person', record: flags.person ?? '' } : { kind: 'token', token };
}

async function prove(
  session: Session,
  [release = '']: readonly string[],
  flags: SoughtFlags & { readonly out?: string },
): Promise<ExitStatus> {
  const sought = await soughtOf(session, flags);
  const { cwd } = session.terminal;
  const root = await rootOrNull(session);
  const useCase = await import('../app/proof/prove.ts');
  const { result, proof } = await useCase.prove(root, release, resolve(cwd, release), sought);
  const file = flags.out ?? `proof-${proof.release.replace(/[^A-Za-z0-9._-]/g, '_')}.json`;
  await writeNewJson(session, file, proof);
  session.answer({ result, says: proof.says, release: proof.release, mark: proof.mark, file }, () =>
    [
      `The record ${proof.says}: ${printable(proof.release)}${proof.mark === null ? '' : ` (${proof.mark})`}`,
      `  The proof is in ${printable(file)}. It shows the token of this release alone.\n`,
    ].join('\n'),
  );
  session.remark(`  Next: astold verify ${printable(file)}\n`);
  return exitStatus.something;
}

type VerifyFlags = SoughtFlags &
  WitnessFlags & {
    readonly manifest?: string;
    readonly logKey?: string;
    readonly against?: string;
    readonly evidence?: string;
    readonly answer?: string;
    readonly logged?: string;
  };
async function verify(
  session: Session,
  [file = '']: readonly string[],
  flags: VerifyFlags,
): Promise<ExitStatus> {
  const { cwd } = session.terminal;
  const at = (path: string | undefined): string | null => (path === undefined ? null : resolve(cwd, path));
  const { against } = flags;
  if (against === undefined && (flags.answer !== undefined || flags.evidence !== undefined))
    throw new UsageError('usage', '--answer and --evidence are of a release: give --against too');
  const token = await tokenOf(session, flags);
  const useCase = await import('../app/proof/verify.ts');
  const verified = await useCase.verify(resolve(cwd, file), {
    manifest: at(flags.manifest),
    logKey: flags.logKey === undefined ? null : (await readKey(session, flags.logKey)).vkey,
    token,
    witnesses: await witnessesAsked(session, flags),
    ...(flags.logged === undefined ? {} : { logged: resolve(cwd, flags.logged) }),
    root: await rootOrNull(session),
    ...(against === undefined
      ? {}
      : {
          receipt: {
            release: against,
            folder: resolve(cwd, against),
            evidence: at(flags.evidence),
            answer: at(flags.answer),
          },
        }),
  });
  if (verified.kind === 'receipt') {
    const { heldText, heldStatus } = await import('./show-held.ts');
    session.answer(verified, () => heldText(verified));
    return heldStatus(verified);
  }
  const { proof } = verified;
  const whose = token === null ? 'Somebody’s record' : 'The record of the token given';
  const says = `${whose} ${proof.says}: ${printable(proof.release)}${proof.mark === null ? '' : ` (${proof.mark})`}`;
  session.answer(verified, () =>
    [
      ...(proof.kind === 'settled' ? [says] : [unsettled, `  it says so     ${says}`]),
      ...proof.checked.map((what) => `  holds        ${printable(what)}`),
      ...proof.unchecked.map((what) => `  not checked  ${printable(what)}`),
      '',
    ].join('\n'),
  );
  return proof.kind === 'settled' ? exitStatus.something : exitStatus.failed;
}

const unsettled =
  'It cannot be told: without the public key of the log nothing says whose release this is. Give it with --log-key.';

async function releases(session: Session, _: readonly string[], flags: SoughtFlags): Promise<ExitStatus> {
  const sought = await soughtOf(session, flags);
  const root = await workspaceRoot(session);
  const { findReleases } = await import('../app/gate/find-releases.ts');
  const found = await findReleases(root, sought);
  session.answer(found, () => {
    const lines = found.present.map((release) => `${printable(release)}\n`);
    const unknown =
      found.unknown.length === 0
        ? ''
        : `  Without a roster, so that nothing can be said of them: ${found.unknown.map(printable).join(', ')}\n`;
    return `${lines.join('')}  In ${number(found.present.length)} of ${counted(found.searched, 'release')} with a roster.\n${unknown}`;
  });
  session.remark(
    '  This trusts the rosters on this disk; astold prove checks one against what was committed.\n',
  );
  return exitStatus.something;
}

async function rotate(session: Session): Promise<ExitStatus> {
  const root = await workspaceRoot(session);
  const { rotateKey } = await import('../app/workspace/rotate-key.ts');
  const rotated = await rotateKey(root);
  session.answer(rotated, () =>
    [
      `The organisation has a new key, ${rotated.id}: keep a copy where nobody else can read it.`,
      `  The one before, ${rotated.earlier.id}, is in ${rotated.earlier.file}: what was released under it needs it.\n`,
    ].join('\n'),
  );
  return exitStatus.something;
}
