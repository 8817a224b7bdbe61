/** How a receipt is given: to a file of the person's own, or as text; and a refusal, said in one line. */
import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Workspace } from '../documents/workspace.ts';
import type { Receipt } from '../evidence/receipt.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import type { gateOptions } from './gate-options.ts';
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

export async function answerReceipt(
  session: Session,
  workspace: Workspace,
  receipt: Receipt,
  { out, print }: OutFlags,
): Promise<void> {
  const text = out === undefined || print === true ? await textOf(session, workspace, receipt) : '';
  session.answer(receipt, () => (out === undefined ? text : `${text}${saved(out)}`));
}

export async function textOf({ terminal }: Session, workspace: Workspace, receipt: Receipt): Promise<string> {
  const { receiptText } = await import('./show-receipt.ts');
  return receiptText(receipt, workspace.organisations, {
    width: Math.min(terminal.width, 100),
    screen: terminal.outIsTty,
  });
}

/** The file is taken before anything is recorded: a receipt that cannot be written is not promised. */
export async function withOut(
  { terminal }: Session,
  { out }: OutFlags,
  work: (write: (receipt: unknown) => Promise<void>) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  if (out === undefined) return work(async () => {});
  const path = resolve(terminal.cwd, out);
  const file = await open(path, 'wx', 0o600);
  let written = false;
  try {
    return await work(async (receipt) => {
      await file.writeFile(`${JSON.stringify(receipt, null, 2)}\n`);
      await file.sync();
      written = true;
    });
  } finally {
    await file.close();
    if (!written) await rm(path, { force: true });
  }
}

export async function withProgress<T>(
  session: Session,
  work: (report: Parameters<typeof gateOptions>[1]) => Promise<T>,
): Promise<T> {
  const { openProgress } = await import('./progress.ts');
  const progress = await openProgress(session);
  try {
    return await work(progress.report);
  } finally {
    progress.end();
  }
}
