/** seal, receive, countersigned, delta, sighting and recipient-keys: what passes between a supplier and those it releases to. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { SealKind } from '../app/supply/seal.ts';
import { counted, moment, number } from '../policy/figures.ts';
import { sqliteLedger } from '../store/sqlite/place.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { type GateFlags, gateOptions, withEngineOptions } from './gate-options.ts';
import { keyForms, readKey } from './log-key.ts';
import { printable } from './printable.ts';
import { type Bind, openWorkspace, rootOrNull, type Session, UsageError } from './session.ts';
import { showReceived } from './show-received.ts';
import { sealedNext, showSealed, showUnsealed } from './show-sealed.ts';
import { type WitnessFlags, withWitnessOptions, witnessesAsked } from './witness-options.ts';

export function addSupplyCommands(program: Command, bind: Bind): void {
  program
    .command('seal')
    .description('seal a release for a recipient: encrypted list, terms, quoted words, manifest, proof')
    .argument('<release>', 'release id, a folder of releases/')
    .requiredOption('--to <organisation>', 'a party of the chain, with an age-key in organisations.yaml')
    .addOption(
      new Option('--only <columns>', 'address: name and address alone, for a mailing house').choices([
        'address',
      ]),
    )
    .action(bind(seal));
  const receiving = program
    .command('receive')
    .description('verify a supply and open it; where anything is wrong, nothing is written')
    .argument('<supply>', 'the zip')
    .requiredOption('--key <file>', 'the age key file it was sealed for')
    .option(
      '--log-key <vkey>',
      `the supplier’s log key, ${keyForms}: it says who made the supply, and that its release is logged`,
    )
    .option('--unverified', 'open it without the log key, and without knowing who made it')
    .option('--sign <file>', 'countersign rows and roster with this key (sign.key of astold recipient-keys)')
    .requiredOption('--out <folder>', 'where to; a folder that is not there yet');
  withWitnessOptions(receiving).action(bind(receive));
  program
    .command('countersigned')
    .description('check a recipient’s countersignature, and put it in the log')
    .argument('<file>', 'countersignature.note, as the recipient sent it')
    .action(bind(countersigned));
  withEngineOptions(
    program
      .command('delta')
      .description('write the trace codes of the rows of a release that may not be used any more')
      .argument('<release>', 'release id, a folder of releases/'),
  )
    .requiredOption('--out <file>', 'the CSV to write')
    .action(bind(delta));
  program
    .command('sighting')
    .description('say which release a trace code, or a sleeper, came from')
    .argument('<text-or-file>', 'what turned up: a trace code, the words of a letter, or a file with them')
    .action(bind(sighting));
  program
    .command('recipient-keys')
    .description('make the keys a recipient needs, and print what its supplier puts in organisations.yaml')
    .argument('<organisation>', 'the id the supplier’s register has for you')
    .argument('[folder]', 'where to keep them', 'recipient-keys')
    .action(bind(recipientKeys));
}

async function seal(
  session: Session,
  [release = '']: readonly string[],
  flags: { readonly to: string; readonly only?: string },
): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const useCase = await import('../app/supply/seal.ts');
  const kind: SealKind = flags.only === undefined ? 'whole' : 'mailing';
  const sealed = await useCase.seal(workspace, sqliteLedger(workspace.root), release, flags.to, kind);
  if (sealed.kind === 'refused') {
    if (session.options.json) session.answer(sealed, () => '');
    else session.terminal.err(showUnsealed(sealed));
    return exitStatus.failed;
  }
  session.answer(sealed, () => showSealed(sealed, session.terminal.cwd));
  session.remark(sealedNext(sealed, session.terminal.cwd));
  return exitStatus.something;
}

type ReceiveFlags = WitnessFlags & {
  readonly unverified?: true;
  readonly key: string;
  readonly logKey?: string;
  readonly sign?: string;
  readonly out: string;
};
async function receive(
  session: Session,
  [supply = '']: readonly string[],
  flags: ReceiveFlags,
): Promise<ExitStatus> {
  const at = (path: string): string => resolve(session.terminal.cwd, path);
  if (flags.out.trim() === '') throw new UsageError('usage', 'an empty name is no folder: --out FOLDER');
  const useCase = await import('../app/supply/receive.ts');
  const received = await useCase.receive(at(supply), {
    keyFile: at(flags.key),
    logKey: flags.logKey === undefined ? null : (await readKey(session, flags.logKey)).vkey,
    unverified: flags.unverified === true,
    witnesses: await witnessesAsked(session, flags),
    root: await rootOrNull(session),
    signKey: flags.sign === undefined ? null : at(flags.sign),
    out: at(flags.out),
  });
  session.answer(received, () => showReceived(received, flags.out, useCase.countersignatureFile));
  return exitStatus.something;
}

async function countersigned(session: Session, [file = '']: readonly string[]): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const useCase = await import('../app/supply/countersign.ts');
  const found = await useCase.acceptReceipt(
    workspace,
    sqliteLedger(workspace.root),
    resolve(session.terminal.cwd, file),
  );
  session.answer(found, () => {
    const { recipient, rows, release, at, index } = found;
    return printableLines(
      `${recipient} signed for ${counted(rows, 'row')} of release ${release} on ${moment(at)}, by its clock\n  Entry number ${number(index)} of the log (the first is 0).\n`,
    );
  });
  session.remark('  Next: astold log publish\n');
  return exitStatus.something;
}

async function delta(
  session: Session,
  [release = '']: readonly string[],
  flags: GateFlags & { readonly out: string },
): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const [useCase, { openProgress }] = await Promise.all([
    import('../app/supply/delta.ts'),
    import('./progress.ts'),
  ]);
  const progress = await openProgress(session);
  const out = resolve(session.terminal.cwd, flags.out);
  const found = await useCase
    .delta(workspace, release, out, gateOptions(workspace, flags, progress.report))
    .finally(progress.end);
  if (found.kind === 'refused') {
    if (session.options.json) session.answer(found, () => '');
    else session.terminal.err(`no delta: ${printable(found.message)} [${found.code}]\n`);
    return exitStatus.failed;
  }
  session.answer(found, () => {
    const stale = found.stale ? '\n  A suppression list is stale: who is on the next one is not in it.' : '';
    return printableLines(
      `${number(found.stopped)} of ${counted(found.released, 'row')} may not be used any more: ${flags.out}\n  Stops up to ${moment(found.cutOff)} are in it.${stale}\n`,
    );
  });
  return exitStatus.something;
}

async function sighting(session: Session, [given = '']: readonly string[]): Promise<ExitStatus> {
  if (given.trim() === '')
    throw new UsageError(
      'usage',
      'nothing was given: a trace code, the words that were seen, or a file of them',
    );
  const workspace = await openWorkspace(session);
  const useCase = await import('../app/supply/sighting.ts');
  const found = await useCase.sighting(
    workspace,
    await textOrFile(resolve(session.terminal.cwd, given), given),
  );
  session.answer(found, () => {
    const lines = found.sightings.map((each) => {
      const from = each.from.map(({ release, sealedFor }) =>
        sealedFor.length === 0 ? release : `${release} (sealed as ${sealedFor.join(', ')})`,
      );
      if (each.kind === 'trace-code') return `${each.code}: ${from.join('; ') || 'of no release here'}`;
      return `sleeper ${each.sleeper}: ${each.told ? '' : 'one of '}${from.join('; ')}`;
    });
    const none = 'No trace code and no sleeper in it.';
    return printableLines(
      `${lines.join('\n') || none}\n  ${counted(found.releases, 'release')} looked through.\n`,
    );
  });
  return found.sightings.some((each) => each.from.length > 0) ? exitStatus.something : exitStatus.nothing;
}

/** A file's text where there is such a file; else the words themselves. */
async function textOrFile(path: string, given: string): Promise<string> {
  const { readRegular } = await import('../documents/regular-file.ts');
  try {
    return (await readRegular(path)).toString('utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENAMETOOLONG' || code === 'ENOTDIR') return given;
    throw error;
  }
}

async function recipientKeys(
  session: Session,
  [organisation = '', folder = '']: readonly string[],
): Promise<ExitStatus> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(organisation))
    throw new UsageError('usage', 'an organisation id is letters, digits, ".", "-" and "_"');
  const useCase = await import('../app/supply/recipient-keys.ts');
  const made = await useCase.recipientKeys(
    organisation,
    resolve(session.terminal.cwd, folder === '' ? 'recipient-keys' : folder),
  );
  session.answer(made, () =>
    printableLines(
      `Keep ${useCase.ageKeyFile} and ${useCase.signKeyFile} where nobody else can read them. For the supplier’s organisations.yaml:\n    age-key: ${made.ageKey}\n    signing-key: ${made.signingKey}\n`,
    ),
  );
  return exitStatus.something;
}

const printableLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => /^ */.exec(line)?.[0] + printable(line.trimStart()))
    .join('\n');
