/** prefer and erase: what people say of their data, and their going. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { PreferenceEntry } from '../app/prefer-check.ts';
import { preferenceTypes, receivedBy } from '../evidence/preference.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { type GateFlags, gateOptions, withEngineOptions } from './gate-options.ts';
import {
  answerReceipt,
  type OutFlags,
  outHelp,
  refused,
  textOf,
  withOut,
  withProgress,
} from './give-receipt.ts';
import { printable } from './printable.ts';
import { type Bind, openWorkspace, type Session, UsageError } from './session.ts';

export function addPreferCommands(program: Command, bind: Bind): void {
  withEngineOptions(
    program
      .command('prefer')
      .description(
        'record what somebody said of their data, and give them a receipt; or import a file of it',
      ),
  )
    .requiredOption('--source <id>', 'where their record lives')
    .option('--import <file>', 'a file of preference events (docs/formats.md), recorded as one batch')
    .option('--person <id>', 'record id; or what they came with:')
    .option('--email <text>')
    .option('--phone <text>')
    .option('--surname <text>')
    .option('--address-line <text>', 'the first line of the address')
    .option('--postcode <text>')
    .option('--birth-date <date>', 'YYYY-MM-DD')
    .addOption(new Option('--kind <kind>', 'what they said').choices(preferenceTypes))
    .option('--purpose <term>', 'of what it is; every part left out is all of it')
    .option('--organisation <id>')
    .option('--channel <channel>', 'way of contact: post, email ...')
    .option('--field <field>', 'a field of the source, or personal data of the vocabulary')
    .option('--notice <id>', 'the notice version that asked, or was presented')
    .option('--consent <id>', 'which consent of the notice')
    .option('--lifts <event>', 'the stop that a lift was shown')
    .option('--delivery <state>', 'of a notice presented: delivered, sent, bounced')
    .addOption(new Option('--by <way>', 'how it was received').choices(receivedBy))
    .option('--signed <time>', 'a date, or a time with its offset; now where it came by web, app or phone')
    .option('--received <time>', 'as --signed')
    .option('--out <file>', outHelp)
    .option('--print', 'the receipt as text with a square to scan, also where --out is given')
    .action(bind(prefer));
  withEngineOptions(
    program
      .command('erase')
      .description('erase a person: their secrets and what was kept of their words; their stop stays'),
  )
    .requiredOption('--source <id>', 'where their record lives')
    .requiredOption('--person <id>', 'record id')
    .addOption(new Option('--by <way>', 'how they asked').choices(receivedBy).makeOptionMandatory())
    .option('--received <time>', 'when they asked, a date or a time with its offset; now if left out')
    .option('--out <file>', `${outHelp}; after this nobody can make it again`)
    .action(bind(erase));
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
    readonly by?: string;
    readonly signed?: string;
    readonly received?: string;
  };

async function prefer(session: Session, _: readonly string[], flags: PreferFlags): Promise<ExitStatus> {
  if (flags.import !== undefined) return importFile(session, flags.import, flags);
  const workspace = await openWorkspace(session);
  const entry = entryOf(flags);
  const useCase = await import('../app/prefer.ts');
  return withOut(session, flags, async (write) => {
    const done = await withProgress(session, (report) =>
      useCase.prefer(workspace, entry, gateOptions(flags, report)),
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
  const known = ['source', 'import', 'threads', 'memoryLimit'];
  const other = Object.keys(flags).find((name) => !known.includes(name));
  if (other !== undefined)
    throw new UsageError(
      'usage',
      `--import takes all from its file: leave out --${other.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
    );
  const workspace = await openWorkspace(session);
  const useCase = await import('../app/prefer-batch.ts');
  const path = resolve(session.terminal.cwd, file);
  const done = await withProgress(session, (report) =>
    useCase.importPreferences(workspace, flags.source, path, gateOptions(flags, report)),
  );
  if (done.kind === 'refused') return refused(session, done);
  const { batch, known: records } = done;
  session.answer({ ...batch, salt: undefined, known: records }, () =>
    [
      `${batch.rows} events recorded as ${batch.id}, under entry ${batch.index} of the log`,
      `  ${records} of them name a record of ${printable(batch.source)}`,
      '  The vault keeps them; the file itself is no longer needed.\n',
    ].join('\n'),
  );
  session.remark(`  Next: astold receipt --batch ${batch.id} --row 1\n`);
  return exitStatus.something;
}

type EraseFlags = GateFlags &
  OutFlags & {
    readonly source: string;
    readonly person: string;
    readonly by: (typeof receivedBy)[number];
    readonly received?: string;
  };

async function erase(session: Session, _: readonly string[], flags: EraseFlags): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const useCase = await import('../app/erase.ts');
  return withOut(session, flags, async (write) => {
    const { source, person, by, received = null } = flags;
    const done = await withProgress(session, (report) =>
      useCase.erase(workspace, { source, person, by, received }, gateOptions(flags, report)),
    );
    if (done.kind === 'refused') return refused(session, done);
    if (done.receipt !== null) await write(done.receipt);
    const left =
      done.receipt === null || flags.out !== undefined ? '' : await textOf(session, workspace, done.receipt);
    session.answer(done, () =>
      [
        `Erased: the secrets, ${done.events} events and ${done.batchRows} imported events of that record. Their stop stays, under a keyed hash.`,
        ...useCase.leftToDo(workspace, source, done).map((what) => `  still to do  ${printable(what)}`),
        '',
        left,
      ].join('\n'),
    );
    return exitStatus.something;
  });
}
