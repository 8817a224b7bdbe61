/** How a receipt is given: to a file of the person's own, or as text; and a refusal, said in one line. */
import { open, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Progress } from '../app/gate/context.ts';
import type { Workspace } from '../documents/workspace.ts';
import type { Receipt } from '../evidence/receipt.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { openNew } from './new-file.ts';
import { printable } from './printable.ts';
import type { Session } from './session.ts';

export type OutFlags = { readonly out?: string; readonly print?: boolean };
export const outHelp = 'a file for the receipt; never over what is there';

export function refused(
  session: Session,
  refusal: { readonly code: string; readonly message: string },
): ExitStatus {
  const { code, message } = refusal;
  if (session.options.json) session.answer({ error: code, message }, () => '');
  else session.terminal.err(`error: ${printable(message)} [${code}]\n`);
  return exitStatus.wrongUse;
}

export const saved = (file: string): string =>
  `The receipt is in ${printable(file)}: it is for the person alone.\n`;

/** What may be said of a receipt that went to a file: neither the token nor what opens the log entry. */
export const receiptSaved = ({ content, entry, logged }: Receipt, out: string) => ({
  event: content.event,
  type: content.type,
  scope: content.scope,
  entry,
  index: logged?.index ?? null,
  out,
});

export async function answerReceipt(
  session: Session,
  workspace: Workspace,
  receipt: Receipt,
  { out, print }: OutFlags,
): Promise<void> {
  const { aboutText } = await import('./show-receipt.ts');
  const text = out === undefined || print === true ? await textOf(session, workspace, receipt, false) : '';
  const { event, type, scope } = receipt.content;
  const about = aboutText(type, scope, workspace.organisations);
  session.answer(out === undefined ? receipt : receiptSaved(receipt, out), () =>
    out === undefined
      ? text
      : `${text}${type} ${event}${about === '' ? '' : `: ${printable(about)}`}\n  ${saved(out)}`,
  );
  // On a receipt that is printed there are no commands: it is handed over as it is.
  if (out !== undefined && receipt.logged === null)
    session.remark(`  Next: astold log publish; after that, astold receipt ${event} has its proof\n`);
}

/** `last`: after it nobody can make it again. */
export async function textOf(
  { terminal }: Session,
  workspace: Workspace,
  receipt: Receipt,
  last: boolean,
): Promise<string> {
  const { receiptText } = await import('./show-receipt.ts');
  return receiptText(receipt, workspace.organisations, {
    width: Math.min(terminal.width, 100),
    screen: terminal.outIsTty,
    last,
  });
}

/** The file is taken before anything is recorded: a receipt that cannot be written is not promised. */
export async function withOut(
  session: Session,
  { out }: OutFlags,
  work: (write: (receipt: unknown) => Promise<void>) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  if (out === undefined) return work(async () => {});
  const file = await openNew(session, out);
  let written = false;
  try {
    return await work(async (receipt) => {
      await file.writeFile(`${JSON.stringify(receipt, null, 2)}\n`);
      await file.sync();
      // Its name, too: after an erasure nobody can make it again.
      const folder = await open(dirname(resolve(session.terminal.cwd, out)), 'r');
      await folder.sync().finally(() => folder.close());
      written = true;
    });
  } finally {
    await file.close();
    if (!written) await rm(resolve(session.terminal.cwd, out), { force: true });
  }
}

export async function withProgress<T>(session: Session, work: (report: Progress) => Promise<T>): Promise<T> {
  const { openProgress } = await import('./progress.ts');
  const progress = await openProgress(session);
  try {
    return await work(progress.report);
  } finally {
    progress.end();
  }
}
