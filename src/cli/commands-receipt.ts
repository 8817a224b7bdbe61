/** receipt: a receipt written again, of a recorded event or of one row of an imported batch. */
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Workspace } from '../documents/workspace.ts';
import type { Receipt } from '../evidence/receipt.ts';
import { type ReceiptForm, receiptForms } from '../evidence/receipt-form.ts';
import type { LogPlace } from '../evidence/receipt-place.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { type GateFlags, gateOptions, withEngineOptions } from './gate-options.ts';
import {
  answerReceipt,
  type OutFlags,
  outHelp,
  refused,
  saved,
  withOut,
  withProgress,
} from './give-receipt.ts';
import { printable } from './printable.ts';
import { type Bind, openWorkspace, type Session, UsageError } from './session.ts';

export function addReceiptCommands(program: Command, bind: Bind): void {
  withEngineOptions(
    program
      .command('receipt')
      .description('write a receipt again: with its proof, once the log is published')
      .argument('[event]', 'event id, as it stands on the receipt; without one:')
      .option('--source <id>', 'list what was recorded of a record of that source, or of no record known')
      .option('--person <id>', 'record id, with --source')
      .option('--batch <id>', 'an imported batch, and')
      .addOption(new Option('--row <n>', 'its row, counted from 1, the header aside').argParser(wholeNumber))
      .addOption(
        new Option('--as <form>', 'the receipt of a consent in a standard form').choices(receiptForms),
      )
      .option(
        '--contacts <file>',
        'how the parties are reached, for --as; contacts.yaml of the workspace if left out',
      ),
  )
    .option('--out <file>', outHelp)
    .option('--print', 'the receipt as text with a square to scan')
    .action(bind(receiptOf));
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,11}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.');
  return Number(text);
}

type ReceiptFlags = GateFlags &
  OutFlags & {
    readonly batch?: string;
    readonly row?: number;
    readonly as?: ReceiptForm;
    readonly contacts?: string;
    readonly source?: string;
    readonly person?: string;
  };

async function receiptOf(
  session: Session,
  args: readonly string[],
  flags: ReceiptFlags,
): Promise<ExitStatus> {
  const [event] = args;
  const { source } = flags;
  if (source !== undefined) return list(session, event, source, flags);
  if (flags.person !== undefined)
    throw new UsageError('usage', '--person is a record of a --source: say which');
  const { batch, row } = flags;
  if ((event === undefined) === (batch === undefined) || (batch === undefined) !== (row === undefined))
    throw new UsageError('usage', 'say which: an event id, or --batch ID and --row N');
  if (flags.as !== undefined && batch !== undefined)
    throw new UsageError('usage', '--as is of a recorded event, not of a row of a batch');
  const workspace = await openWorkspace(session);
  return withOut(session, flags, async (write) => {
    if (batch !== undefined && row !== undefined) {
      const { batchReceiptOf } = await import('../app/people/batch-receipt.ts');
      const made = await withProgress(session, (report) =>
        batchReceiptOf(workspace, batch, row, gateOptions(workspace, flags, report)),
      );
      if (made.kind === 'refused') return refused(session, made);
      await write(made.receipt);
      const text = `${JSON.stringify(made.receipt, null, 2)}\n`;
      const { out } = flags;
      session.answer(out === undefined ? made.receipt : { batch, row, out }, () =>
        out === undefined ? text : saved(out),
      );
      return exitStatus.something;
    }
    const useCase = await import('../app/people/receipt.ts');
    const made = await withProgress(session, (report) =>
      useCase.receiptOf(workspace, event ?? '', gateOptions(workspace, flags, report)),
    );
    if (made.kind === 'refused') return refused(session, made);
    if (made.kind === 'place') return answerPlace(session, made.place, flags, write);
    if (flags.as !== undefined) return inForm(session, workspace, made.receipt, flags.as, flags, write);
    await write(made.receipt);
    await answerReceipt(session, workspace, made.receipt, flags);
    return exitStatus.something;
  });
}

/** What was recorded, by event id: the receipt itself is asked for by that. */
async function list(
  session: Session,
  event: string | undefined,
  source: string,
  flags: ReceiptFlags,
): Promise<ExitStatus> {
  const other = ['batch', 'row', 'as', 'contacts', 'out', 'print'].find((name) => name in flags);
  if (event !== undefined || other !== undefined)
    throw new UsageError(
      'usage',
      `--source lists events, and writes no receipt: leave out ${event === undefined ? `--${other}` : 'the event'}`,
    );
  const workspace = await openWorkspace(session);
  const [{ recordedOf }, { showRecorded }] = await Promise.all([
    import('../app/people/recorded-of.ts'),
    import('./show-recorded.ts'),
  ]);
  const found = await withProgress(session, (report) =>
    recordedOf(workspace, source, flags.person ?? null, gateOptions(workspace, flags, report)),
  );
  session.answer(found, () => showRecorded(found, workspace.organisations));
  return found.events.length + found.rows.length === 0 ? exitStatus.nothing : exitStatus.something;
}

/** What can be given of an event that was erased: it is put beside the receipt that the person kept. */
async function answerPlace(
  session: Session,
  place: LogPlace,
  { as, out, print }: ReceiptFlags,
  write: (value: unknown) => Promise<void>,
): Promise<ExitStatus> {
  const { event } = place;
  if (as !== undefined || print === true)
    return refused(session, {
      code: 'event-erased',
      message: `${event} was erased: nobody can write its receipt again; without --as and --print you get its place in the log`,
    });
  await write(place);
  session.answer(out === undefined ? place : { event, index: place.index, out }, () =>
    out === undefined
      ? `${JSON.stringify(place, null, 2)}\n`
      : `${printable(event)} was erased, and nobody can write its receipt again. Its place in the log is in ${printable(out)}:\n  with the receipt they kept, astold verify RECEIPT --logged ${printable(out)}\n`,
  );
  return exitStatus.something;
}

async function inForm(
  session: Session,
  workspace: Workspace,
  receipt: Receipt,
  form: ReceiptForm,
  flags: ReceiptFlags,
  write: (value: unknown) => Promise<void>,
): Promise<ExitStatus> {
  const [{ parseContacts }, { readRegular }, { standardReceipt }] = await Promise.all([
    import('../documents/contacts.ts'),
    import('../documents/regular-file.ts'),
    import('../app/people/receipt-standard.ts'),
  ]);
  const path =
    flags.contacts === undefined
      ? join(workspace.root, 'contacts.yaml')
      : resolve(session.terminal.cwd, flags.contacts);
  const text = await readRegular(path).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
    throw new UsageError(
      'contacts-missing',
      `${flags.contacts ?? 'contacts.yaml'} is not there: it says how the parties are reached, which a receipt as ${form} must tell; docs/formats.md has its form`,
    );
  });
  const made = standardReceipt(
    workspace,
    receipt,
    form,
    parseContacts(flags.contacts ?? 'contacts.yaml', text.toString('utf8')),
  );
  if (made.kind === 'refused') return refused(session, made);
  await write(made.json);
  const { out } = flags;
  session.answer(out === undefined ? made.json : { event: receipt.content.event, form, out }, () =>
    out === undefined ? `${JSON.stringify(made.json, null, 2)}\n` : saved(out),
  );
  return exitStatus.something;
}
