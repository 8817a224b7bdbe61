/** prefer and erase: what people say of their data, and their going. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { PreferenceEntry } from '../app/people/prefer-check.ts';
import { counted, number } from '../policy/figures.ts';
import { preferenceTypes, type ReceivedBy, receivedBy } from '../policy/preference-event.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { type GateFlags, gateOptions, withEngineOptions } from './gate-options.ts';
import {
  answerReceipt,
  type OutFlags,
  outHelp,
  receiptSaved,
  refused,
  saved,
  textOf,
  withOut,
  withProgress,
} from './give-receipt.ts';
import { printable } from './printable.ts';
import { type Bind, openWorkspace, type Session, UsageError } from './session.ts';

export function addPreferCommands(program: Command, bind: Bind): void {
  const prefers = program
    .command('prefer')
    .description('record what somebody said of their data, and give them a receipt; or import a file of it')
    .requiredOption('--source <id>', 'where their record lives')
    .option('--import <file>', 'a file of preference events (docs/formats.md), recorded as one batch')
    .option('--person <id>', 'record id; or what they came with:')
    .option('--email <text>', 'their e-mail address')
    .option('--phone <text>', 'their telephone number')
    .option('--surname <text>', 'their surname; with --postcode')
    .option('--address-line <text>', 'the first line of their address')
    .option('--postcode <text>', 'their postcode')
    .option('--birth-date <date>', 'YYYY-MM-DD; with --postcode')
    .addOption(new Option('--kind <kind>', 'what they said').choices(preferenceTypes))
    .option('--purpose <term>', 'of what it is; every part left out is all of it')
    .option('--organisation <id>', 'whose use of it')
    .option('--channel <channel>', 'way of contact: post, email ...')
    .option('--field <field>', 'a field of the source, or personal data of the vocabulary')
    .option('--notice <id>', 'the notice version that asked, or was presented')
    .option('--consent <id>', 'which consent of the notice')
    .option('--lifts <event>', 'the stop that a lift was shown, or that a resolution is of')
    .option('--delivery <state>', 'of a notice presented: delivered, sent, bounced')
    .addOption(
      new Option('--by <way>', 'how it was received; of a file, how all of it was').choices(receivedBy),
    )
    .option('--signed <time>', 'a date, or a time with its offset; now where it came by web, app or phone')
    .option('--received <time>', 'as --signed')
    .option('--out <file>', outHelp)
    .option('--print', 'the receipt as text with a square to scan, also where --out is given')
    .action(bind(prefer));
  withEngineOptions(prefers);
  const erases = program
    .command('erase')
    .description('erase a person: their secrets and what was kept of their words; their stop stays')
    .requiredOption('--source <id>', 'where their record lives')
    .requiredOption('--person <id>', 'record id')
    .addOption(new Option('--by <way>', 'how they asked').choices(receivedBy).makeOptionMandatory())
    .option('--received <time>', 'when they asked, a date or a time with its offset; now if left out')
    .requiredOption('--out <file>', `${outHelp}; after this nobody can make it again`)
    .option('--print', 'the receipt as text with a square to scan, too')
    .action(bind(erase));
  withEngineOptions(erases);
}

type PreferFlags = GateFlags &
  OutFlags & {
    readonly source: string;
    readonly import?: string;
    readonly person?: string;
    readonly email?: string;
    readonly phone?: string;
    readonly surname?: string;
    readonly addressLine?: string;
    readonly postcode?: string;
    readonly birthDate?: string;
    readonly kind?: string;
    readonly purpose?: string;
    readonly organisation?: string;
    readonly channel?: string;
    readonly field?: string;
    readonly notice?: string;
    readonly consent?: string;
    readonly lifts?: string;
    readonly delivery?: string;
    readonly by?: ReceivedBy;
    readonly signed?: string;
    readonly received?: string;
  };

async function prefer(session: Session, _: readonly string[], flags: PreferFlags): Promise<ExitStatus> {
  if (flags.import !== undefined) return importFile(session, flags.import, flags);
  const workspace = await openWorkspace(session);
  const entry = entryOf(flags);
  if (entry.kind === 'resolution') {
    const { resolveStop } = await import('./resolve-stop.ts');
    return resolveStop(session, workspace, entry, flags);
  }
  const useCase = await import('../app/people/prefer.ts');
  return withOut(session, flags, async (write) => {
    const done = await withProgress(session, (report) =>
      useCase.prefer(workspace, entry, gateOptions(workspace, flags, report)),
    );
    if (done.kind === 'refused') return refused(session, done);
    await write(done.receipt);
    await answerReceipt(session, workspace, done.receipt, flags);
    return exitStatus.something;
  });
}

function entryOf(flags: PreferFlags): PreferenceEntry {
  if (flags.kind === undefined || flags.by === undefined)
    throw new UsageError(
      'usage',
      `say --${flags.kind === undefined ? 'kind' : 'by'}, or give a file with --import`,
    );
  const said = (text: string | undefined): string | null => text ?? null;
  return {
    source: flags.source,
    person: said(flags.person),
    details: {
      email: said(flags.email),
      phone: said(flags.phone),
      surname: said(flags.surname),
      addressLine: said(flags.addressLine),
      postcode: said(flags.postcode),
      birthDate: said(flags.birthDate),
    },
    kind: flags.kind,
    purpose: said(flags.purpose),
    organisation: said(flags.organisation),
    channel: said(flags.channel),
    field: said(flags.field),
    notice: said(flags.notice),
    consent: said(flags.consent),
    lifts: said(flags.lifts),
    delivery: said(flags.delivery),
    by: flags.by,
    signed: said(flags.signed),
    received: said(flags.received),
  };
}

async function importFile(session: Session, file: string, flags: PreferFlags): Promise<ExitStatus> {
  const known = ['source', 'import', 'by', 'threads', 'memoryLimit'];
  const other = Object.keys(flags).find((name) => !known.includes(name));
  if (other !== undefined)
    throw new UsageError(
      'usage',
      `--import takes all from its file: leave out --${other.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
    );
  const workspace = await openWorkspace(session);
  const useCase = await import('../app/people/prefer-batch.ts');
  const path = resolve(session.terminal.cwd, file);
  const way = flags.by === undefined ? {} : { receivedBy: flags.by };
  const done = await withProgress(session, (report) =>
    useCase.importPreferences(workspace, flags.source, path, {
      ...gateOptions(workspace, flags, report),
      ...way,
    }),
  );
  if (done.kind === 'refused') return refused(session, done);
  const { batch, known: records } = done;
  session.answer({ ...batch, salt: undefined, known: records }, () =>
    [
      `${counted(batch.rows, 'event')} recorded as ${batch.id}, under entry number ${number(batch.index)} of the log (the first is 0)`,
      `  ${number(records)} of them ${records === 1 ? 'names' : 'name'} a record of ${printable(batch.source)}`,
      '  The vault keeps them; the file itself is no longer needed.\n',
    ].join('\n'),
  );
  session.remark(`  Next: astold log publish; then astold receipt --batch ${batch.id} --row 1\n`);
  return exitStatus.something;
}

type EraseFlags = GateFlags &
  OutFlags & {
    readonly source: string;
    readonly person: string;
    readonly by: (typeof receivedBy)[number];
    readonly received?: string;
    readonly out: string;
  };

async function erase(session: Session, _: readonly string[], flags: EraseFlags): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const useCase = await import('../app/people/erase.ts');
  return withOut(session, flags, async (write) => {
    const { source, person, by, received = null } = flags;
    const done = await withProgress(session, (report) =>
      useCase.erase(
        workspace,
        { source, person, by, received },
        gateOptions(workspace, flags, report),
        write,
      ),
    );
    if (done.kind === 'refused') return refused(session, done);
    const { receipt } = done;
    const left =
      receipt === null || flags.print !== true ? '' : await textOf(session, workspace, receipt, true);
    const shown = receipt === null ? null : receiptSaved(receipt, flags.out);
    session.answer({ ...done, receipt: shown }, () =>
      [
        `Erased: the secrets, ${counted(done.events, 'event')} and ${counted(done.batchRows, 'imported event')} of that record. Their stop stays, under a keyed hash.`,
        `  ${receipt === null ? 'Their receipt was given before, or cannot be made.' : saved(flags.out).trimEnd()}`,
        ...useCase.leftToDo(workspace, source, done).map((what) => `  still to do  ${printable(what)}`),
        '',
        left,
      ].join('\n'),
    );
    return exitStatus.something;
  });
}
