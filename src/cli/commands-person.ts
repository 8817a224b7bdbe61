/** person reset: somebody who lost their second factor signs in anew. */
import type { Command } from 'commander';
import { type ExitStatus, exitStatus } from './exit.ts';
import type { Bind, Session } from './session.ts';

export function addPersonCommands(program: Command, bind: Bind): void {
  const person = program.command('person').description('the people who work on the server');
  person
    .command('reset')
    .description(
      'take away the password and the second factor of somebody who lost them, and mail them a link',
    )
    .argument('<email>', 'their address')
    .action(bind(resetCommand));
}

async function resetCommand(session: Session, [email = '']: readonly string[]): Promise<ExitStatus> {
  const [{ usableConfig }, { operate }, { resetPerson, resetPersonInput }] = await Promise.all([
    import('../http/usable-config.ts'),
    import('../http/operate.ts'),
    import('../app/flow/reset-person.ts'),
  ]);
  const input = resetPersonInput.safeParse({ email });
  if (!input.success) return refuse(session, 'input-invalid', `${email} is no e-mail address`);
  const config = usableConfig({ ASTOLD_LOG_LEVEL: 'warn', ...session.terminal.env });
  const answer = await operate(config, (service) => resetPerson(service, input.data));
  if (answer.kind === 'refused') return refuse(session, answer.code, answer.message);
  const { value } = answer;
  session.answer(value, () =>
    [
      `${value.email} has no password and no second factor any more, and is signed in nowhere.`,
      '  A link to set them up again is in the outbox, for an hour: it goes to that address while the server runs.',
      `  Written down, and told to the other officers and the auditors, of ${value.organisations.join(', ')}.`,
      '',
    ].join('\n'),
  );
  return exitStatus.something;
}

function refuse(session: Session, code: string, message: string): ExitStatus {
  session.answer({ refused: code, message }, () => `not reset: ${message} [${code}]\n`);
  return exitStatus.wrongUse;
}
