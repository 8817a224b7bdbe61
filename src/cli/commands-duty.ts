/** attest: what a recipient says of the duties it owes. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type ExitStatus, exitStatus } from './exit.ts';
import { openNew } from './new-file.ts';
import { printable } from './printable.ts';
import type { Bind, Session } from './session.ts';

export function addDutyCommands(program: Command, bind: Bind): void {
  program
    .command('attest')
    .description('sign that a duty is done, for the service of whoever released to you')
    .argument('<duty>', 'the duty as the service shows it, saved as JSON')
    .requiredOption('--sign <file>', 'your signing key (sign.key of astold recipient-keys)')
    .requiredOption('--words <text>', 'what was done, where and how')
    .requiredOption('--out <file>', 'where the signed note goes')
    .action(bind(attest));
}

async function attest(
  session: Session,
  [duty = '']: readonly string[],
  flags: { readonly sign: string; readonly words: string; readonly out: string },
): Promise<ExitStatus> {
  const at = (path: string): string => resolve(session.terminal.cwd, path);
  const useCase = await import('../app/supply/attest.ts');
  const given = { dutyFile: at(duty), signKey: at(flags.sign), words: flags.words, now: new Date() };
  const { content, note } = await useCase.attestDutyIn(given);
  const file = await openNew(session, flags.out);
  try {
    await file.writeFile(note);
    await file.sync();
  } finally {
    await file.close();
  }
  session.answer(
    { ...content, out: flags.out },
    () =>
      `${printable(`${content.party} says of release ${content.release}: ${content.kind}, done`)}\n  Send ${printable(flags.out)} to your supplier; it is shown as what you claim.\n`,
  );
  return exitStatus.something;
}
