/** `astold prefer --kind resolution`: a person says whose an earlier stop is that named no record (C4). */
import type { PreferenceEntry } from '../app/people/prefer-check.ts';
import type { Workspace } from '../documents/workspace.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { type GateFlags, gateOptions } from './gate-options.ts';
import { answerReceipt, type OutFlags, refused, withOut, withProgress } from './give-receipt.ts';
import { printable } from './printable.ts';
import { type Session, UsageError } from './session.ts';

/** Gives the receipt of the stop recorded for `--person`; without one, that of the resolution. */
export async function resolveStop(
  session: Session,
  workspace: Workspace,
  entry: PreferenceEntry,
  flags: GateFlags & OutFlags,
): Promise<ExitStatus> {
  const { source, lifts, person, by, signed, received, kind: _, details, ...scope } = entry;
  if (lifts === null) throw new UsageError('usage', 'say with --lifts which stop it is of');
  if (Object.values({ ...scope, ...details }).some((part) => part !== null))
    throw new UsageError(
      'usage',
      'a resolution has --lifts and, where it is known whose the stop is, --person',
    );
  const useCase = await import('../app/people/resolve.ts');
  return withOut(session, flags, async (write) => {
    const resolution = {
      source,
      event: lifts,
      records: person === null ? [] : [person],
      by,
      signed,
      received,
    };
    const done = await withProgress(session, (report) =>
      useCase.resolve(workspace, resolution, gateOptions(workspace, flags, report)),
    );
    if (done.kind === 'refused') return refused(session, done);
    const receipt = done.stops[0]?.receipt ?? done.receipt;
    await write(receipt);
    await answerReceipt(session, workspace, receipt, flags);
    session.remark(
      `  ${printable(lifts)} is resolved by ${done.event}: it holds for nobody on mere likeness any more\n`,
    );
    return exitStatus.something;
  });
}
