/** receipt: a receipt written again, of a recorded event or of one row of an imported batch. */
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Workspace } from '../documents/workspace.ts';
import type { Receipt } from '../evidence/receipt.ts';
import { type ReceiptForm, receiptForms } from '../evidence/receipt-form.ts';
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
import { type Bind, openWorkspace, type Session, UsageError } from './session.ts';

export function addReceiptCommands(program: Command, bind: Bind): void {
  withEngineOptions(
    program
      .command('receipt')
      .description('write a receipt again: with its proof, once the log is published')
      .argument('[event]', 'event id, as it stands on the receipt')
      .option('--batch <id>', 'an imported batch, and')
      .addOption(new Option('--row <n>', 'its row, counted from 1, the header aside').argParser(wholeNumber))
      .addOption(
        new Option('--as <form>', 'the receipt of a consent in a standard form').choices(receiptForms),
      )
      .option('--contacts <file>', 'how the parties are reached, for --as; contacts.yaml of the workspace'),
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
  };

async function receiptOf(
  session: Session,
  args: readonly string[],
  flags: ReceiptFlags,
): Promise<ExitStatus> {
  const [event] = args;
  const { batch, row } = flags;
  if ((event === undefined) === (batch === undefined) || (batch === undefined) !== (row === undefined))
    throw new UsageError('usage', 'say which: an event id, or --batch ID and --row N');
  if (flags.as !== undefined && batch !== undefined)
    throw new UsageError('usage', '--as is of a recorded event, not of a row of a batch');
  const workspace = await openWorkspace(session);
  return withOut(session, flags, async (write) => {
    if (batch !== undefined && row !== undefined) {
      const { batchReceiptOf } = await import('../app/batch-receipt.ts');
      const made = await withProgress(session, (report) =>
        batchReceiptOf(workspace, batch, row, gateOptions(flags, report)),
      );
      if (made.kind === 'refused') return refused(session, made);
      await write(made.receipt);
      const text = `${JSON.stringify(made.receipt, null, 2)}\n`;
      session.answer(made.receipt, () => (flags.out === undefined ? text : saved(flags.out)));
      return exitStatus.something;
    }
    const useCase = await import('../app/receipt.ts');
    const made = await withProgress(session, (report) =>
      useCase.receiptOf(workspace, event ?? '', gateOptions(flags, report)),
    );
    if (made.kind === 'refused') return refused(session, made);
    if (flags.as !== undefined) return inForm(session, workspace, made.receipt, flags.as, flags, write);
    await write(made.receipt);
    await answerReceipt(session, workspace, made.receipt, flags);
    return exitStatus.something;
  });
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
    import('../app/receipt-standard.ts'),
  ]);
  const path =
    flags.contacts === undefined
      ? join(workspace.root, 'contacts.yaml')
      : resolve(session.terminal.cwd, flags.contacts);
  const text = (await readRegular(path)).toString('utf8');
  const made = standardReceipt(
    workspace,
    receipt,
    form,
    parseContacts(flags.contacts ?? 'contacts.yaml', text),
  );
  if (made.kind === 'refused') return refused(session, made);
  await write(made.json);
  const { out } = flags;
  session.answer(made.json, () =>
    out === undefined ? `${JSON.stringify(made.json, null, 2)}\n` : saved(out),
  );
  return exitStatus.something;
}
